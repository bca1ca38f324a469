"""The doors of the HTTP API: who comes in, and the agencies."""

from accounts.api.auth import Request, signed_in, signed_in_by_query

__all__ = ["Request", "signed_in", "signed_in_by_query"]
