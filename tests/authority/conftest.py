"""The scene of the attacks, built once a run, and connections as everybody in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.authority import scene as scenes
from tests.authority.attempts import Connection
from tests.authority.scene import Scene


@pytest.fixture(scope="session")
def scene(postgres_server: str) -> Iterator[Scene]:
    """The office under attack. Tests leave it as they found it; those that change something take a copy."""
    name = f"red{os.getpid()}"
    server = postgres_server.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(server, autocommit=True) as connection:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        connection.execute(words.format(sql.Identifier(name)))
        built = None
        spare = sql.Identifier(f"{name}m")
        try:
            built = scenes.build(
                make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
            )
            # for what spoils it; while nobody is connected to the first
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(spare, sql.Identifier(name)))
            yield built
        finally:
            for database in (spare, sql.Identifier(name)):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
            scenes.drop_roles(connection, built.prefix if built else name)


@pytest.fixture
def spare(scene: Scene) -> Scene:
    """A copy of the scene that one test may spoil."""
    name = f"{scene.names['database']}m"
    url = make_url(scene.url).set(database=name).render_as_string(hide_password=False)
    return Scene(url, scene.prefix, {**scene.names, "database": name}, scene.people)


@pytest.fixture(scope="session")
def connected(scene: Scene) -> Iterator[Callable[[str | None], Connection]]:
    """``connected(login)``: that person's own connection to the scene, kept; None is the server's superuser."""
    kept: dict[str | None, Connection] = {}
    with ExitStack() as stack:

        def connect(login: str | None) -> Connection:
            found = kept.get(login)
            if found is None or found.closed:
                found = kept[login] = stack.enter_context(scene.connect(login))
            return found

        scene.names["head_backend"] = connect("head").info.backend_pid
        yield connect


@pytest.fixture(scope="session")
def local_scene(_office_file: Path) -> Scene:
    """The same office in a SQLite file, where nothing refuses but the program."""
    path = shutil.copy(_office_file, _office_file.with_name("scene.sqlite"))
    return scenes.build_local(f"sqlite:///{path}")
