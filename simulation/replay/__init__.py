"""Playing a real CAD log through the HTTP API, as an outside client would: reading, mapping, repairing, playing."""
