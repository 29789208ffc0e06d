"""Changes of the stored shape, one Alembic revision each, written out and never edited after a release.

Revisions are numbered "0001", "0002", ... so that a program knows a newer database without having its scripts.
"""

HEAD = "0012"
