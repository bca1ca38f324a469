"""The lengths of time that calls and their operators are held to."""

from __future__ import annotations

from datetime import timedelta

# The one rule above all (product.md): five seconds to undo.
UNDO_WITHIN = timedelta(seconds=5)
# What the network may take of an undo's seconds, where nothing else waits for them to be over.
UNDO_GRACE = timedelta(seconds=2)
# D3: a PBX that says nothing for so long has lost the call.
LOST_WAITING = timedelta(minutes=10)
LOST_TALKING = timedelta(hours=4)
# D6 rule 10: who rang shorter is not called back; a row of the call-back list ends after 30 min.
SHORTEST_RING = timedelta(seconds=5)
CALL_BACK_WITHIN = timedelta(minutes=30)
SHORT_RING_KEPT = timedelta(seconds=60)
# D5: wrap-up, how far it may be extended, how long a telephone rings before the next one does.
WRAP_UP = timedelta(seconds=30)
LONGEST_WRAP_UP = timedelta(seconds=120)
RING_FOR = timedelta(seconds=15)
MOST_MISSES = 2
# D6 rule 1, level 2: from then on dispatchers take calls too. What the site's policy says goes before.
OVERFLOW_SECONDS = 15
