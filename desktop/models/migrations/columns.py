"""Kinds of columns the revisions write; fixed like the revisions themselves."""

import sqlalchemy as sa

MOMENT = sa.DateTime(timezone=True)
SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def sorted_string(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
