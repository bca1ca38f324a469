"""Starts and keeps what one machine needs: environment, PostgreSQL, Valkey, web, worker and beat.

Nothing in here imports Django, but for the `up` steps in `place`: settings are read by what this package starts.
"""
