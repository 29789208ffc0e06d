"""The revisions, run one after another, make what the models say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import SchemaItem

from desktop.cases import office_rules
from desktop.models import Base
from desktop.models.migrations import HEAD, search
from desktop.regulation import loader
from desktop.store import making
from desktop.store.addresses import database_url
from desktop.store.database import Store, engine_for


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "desktop.models:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _ours(_item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """No model can declare the search: its tables and indexes are tested by finding things."""
    return "_search" not in (name or "")


def _difference(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_object": _ours, "target_metadata": Base.metadata}
    )
    return list(compare_metadata(context, Base.metadata))


def test_the_last_revision_is_the_models(any_empty_store: Store) -> None:
    with any_empty_store.engine.begin() as connection:
        assert _difference(connection) == []


def test_partial_indexes_and_checks_are_there_on_both(any_empty_store: Store) -> None:
    """What Alembic does not compare."""
    with any_empty_store.engine.begin() as connection:
        found = inspect(connection)
        for table in Base.metadata.sorted_tables:
            indexes = {index["name"] for index in found.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= indexes
            checks = {item["name"] for item in found.get_check_constraints(table.name)}
            declared = {item.name for item in table.constraints if item.__visit_name__ == "check_constraint"}
            assert declared <= checks


def test_texts_that_are_sorted_have_the_order_of_code_points_on_postgresql(
    empty_postgres_store: Store,
) -> None:
    with empty_postgres_store.engine.begin() as connection:
        found = connection.execute(
            text(
                "SELECT table_name || '.' || column_name FROM information_schema.columns"
                " WHERE collation_name = 'C' AND table_schema = 'public'"
            )
        )
        assert set(found.scalars()) == {
            "case_file.number",
            "case_file.holder_sort",
            "licence.number",
            "licence.annex_number",
            "licence.holder_sort",
            "journal_image.row_key",
        }


def test_the_program_knows_its_last_revision() -> None:
    assert ScriptDirectory.from_config(_config()).get_current_head() == HEAD
    numbers = [item.revision for item in ScriptDirectory.from_config(_config()).walk_revisions()]
    assert sorted(numbers, reverse=True) == numbers
    assert all(number.isdigit() and len(number) == 4 for number in numbers)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_down_to_nothing_and_up_again(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = (
        f"sqlite:///{tmp_path / 'a.sqlite'}"
        if engine == "sqlite"
        else request.getfixturevalue("bare_postgres_url")
    )
    making.create(url)
    made = engine_for(database_url(url))
    try:
        with made.begin() as connection:
            command.downgrade(_config(connection), "base")
            left = set(inspect(connection).get_table_names()) - {"alembic_version"}
            assert left == set()
        with made.begin() as connection:
            command.upgrade(_config(connection), "head")
            assert _difference(connection) == []
    finally:
        made.dispose()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_law_kept_before_the_second_revision_gets_its_rows(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = (
        f"sqlite:///{tmp_path / 'a.sqlite'}"
        if engine == "sqlite"
        else request.getfixturevalue("bare_postgres_url")
    )
    if engine == "sqlite":
        making.create(url)
    made = engine_for(database_url(url))
    try:
        with made.begin() as connection:
            command.upgrade(_config(connection), "head")
            with Session(connection) as session:
                for name, text_ in loader.shipped():
                    office_rules.keep_regulation(
                        session, loader.load_text(text_, name=name), text_, datetime.now(UTC)
                    )
                session.flush()
                before = _law(connection)
            command.downgrade(_config(connection), "0001")
        with made.begin() as connection:
            command.upgrade(_config(connection), "head")
            assert _law(connection) == before
    finally:
        made.dispose()


def _law(connection: Connection) -> dict[str, list[str]]:
    tables = [table for table in Base.metadata.sorted_tables if table.name.startswith("law_")]
    found = {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}
    assert len(found) == 4
    assert all(found.values())
    return found


def test_postgresql_has_the_trigram_indexes_where_the_extension_is(empty_postgres_store: Store) -> None:
    with empty_postgres_store.engine.begin() as connection:
        has = connection.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"))
        found = connection.scalar(text("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'ix_%_search'"))
    assert found == (len(search.SEARCHED) if has else 0)


def test_postgresql_does_without_the_extension_when_it_may_not_be_made(
    bare_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_trigrams_at_hand", lambda _connection: False)
    making.create(bare_postgres_url)
    made = engine_for(database_url(bare_postgres_url))
    with made.begin() as connection:
        assert _difference(connection) == []
    made.dispose()
