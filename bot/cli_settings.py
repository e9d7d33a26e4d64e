"""What every command begins with: settings from the environment, and a database that is there."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from bot import running
from bot.logs import configure_logs
from bot.settings import Settings, load_settings
from storage.database import SessionFactory


def read_settings() -> Settings:
    """The settings, with logs set up by them; raises `OperatorError` with a line for each bad variable."""
    settings = load_settings()
    configure_logs(settings.log_level)
    return settings


@contextmanager
def database(settings: Settings) -> Iterator[SessionFactory]:
    """Sessions on a database that is there and up to date, until the end of the block; raises `OperatorError`."""
    sessions = running.existing_database(settings)
    engine: Engine = sessions.kw["bind"]
    try:
        yield sessions
    finally:
        engine.dispose()
