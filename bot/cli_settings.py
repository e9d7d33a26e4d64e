"""What commands begin with: settings from the environment, a database that is there, and a file that is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slack_sdk import WebClient
from sqlalchemy import Engine

from bot import running
from bot.app import Services
from bot.errors import OperatorError
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
    with _ending(running.existing_database(settings)) as sessions:
        yield sessions


@contextmanager
def upgraded_database(settings: Settings) -> Iterator[SessionFactory]:
    """The same on one that is made, or brought up to date, first."""
    with _ending(running.open_database(settings)) as sessions:
        yield sessions


@contextmanager
def connected(settings: Settings) -> Iterator[tuple[Services, WebClient]]:
    """What the bot works with, until the end of the block; raises `OperatorError` as `running.connect`."""
    services, client = running.connect(settings)
    with _ending(services.sessions):
        yield services, client


@contextmanager
def _ending(sessions: SessionFactory) -> Iterator[SessionFactory]:
    engine: Engine = sessions.kw["bind"]
    try:
        yield sessions
    finally:
        engine.dispose()


def read_file(file: Path) -> bytes:
    """What is in a file that a command names; raises `OperatorError`."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{file}: {error.strerror}.") from None
