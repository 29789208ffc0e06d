"""Databases as an older program left them."""

from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config

from desktop.store.addresses import database_url
from desktop.store.database import engine_for


@pytest.fixture
def older() -> Callable[[str], None]:
    """``older(url)``: there is no older release yet, so the last revision is taken back."""

    def take_back(url: str) -> None:
        engine = engine_for(database_url(url))
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", "desktop.models:migrations")
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.downgrade(config, "0001")
        engine.dispose()

    return take_back
