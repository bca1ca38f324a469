"""The live feed: one hub a process reads the log once and tells every socket (docs/feed.md)."""
