"""The lengths of time that calls and their operators are held to."""

from __future__ import annotations

from datetime import timedelta

# docs/rules/times.md#undo
UNDO_WITHIN = timedelta(seconds=5)
# What the network may take of an undo's seconds, where nothing else waits for them to be over.
UNDO_GRACE = timedelta(seconds=2)
# A PBX that sends nothing for so long has lost the call (docs/rules/call-states.md#calls-lost-by-the-pbx).
LOST_WAITING = timedelta(minutes=10)
LOST_TALKING = timedelta(hours=4)
# Who rang shorter is not called back; an abandoned call stays for 30 min (docs/rules/escalation.md#rule-10).
SHORTEST_RING = timedelta(seconds=5)
CALL_BACK_WITHIN = timedelta(minutes=30)
SHORT_RING_KEPT = timedelta(seconds=60)
# docs/rules/operator-states.md: wrap-up, how far it may be extended, how long a telephone rings before the next does.
WRAP_UP = timedelta(seconds=30)
LONGEST_WRAP_UP = timedelta(seconds=120)
RING_FOR = timedelta(seconds=15)
MOST_MISSES = 2
# From level 2 of rule 1 on dispatchers take calls too (docs/rules/escalation.md#rule-1). The site's policy goes before.
OVERFLOW_SECONDS = 15
