"""Signing in to a test's database beside the application: as the owner of the tables, as a superuser."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
from django.db import connections

from launcher import connection as launcher


def sign_in(role="app", **options):
    """A bare connection as app, owner or postgres (the superuser of the embedded cluster)."""
    pieces = launcher.database(os.environ, "owner" if role == "owner" else "app")
    user, password = pieces["USER"], pieces["PASSWORD"]
    if role == "postgres":
        user = "postgres"
        password = launcher.secret_path(Path(os.environ["SIGAP_HOME"]), "postgres").read_text(encoding="ascii").strip()
    return psycopg.connect(
        dbname=connections["default"].settings_dict["NAME"],
        user=user,
        password=password,
        host=pieces["HOST"],
        port=pieces["PORT"],
        autocommit=True,
        **options,
    )
