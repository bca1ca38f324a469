"""The channels of PostgreSQL's NOTIFY that processes listen on."""

EVENTS = "sigap_events"
TIMERS = "sigap_timers"
NOTIFICATIONS = "sigap_notifications"
