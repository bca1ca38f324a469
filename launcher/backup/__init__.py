"""Backups: a folder with a consistent dump of the database, its manifest and checksums, settings and secrets apart."""
