"""The live feed: one hub a process reads the log once and sends to every socket (docs/feed.md)."""
