"""Logs carry ids and outcomes, never bodies, answers or questions."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO

import structlog

# Bolt prints whole request bodies at INFO when a signature fails, Socket Mode prints every payload at DEBUG, and
# SQLAlchemy prints parameters,
# and markdown-it names the rules it tries: whatever the root level is, these stay at WARNING.
_LOUD = ("slack_bolt", "slack_sdk", "sqlalchemy", "uvicorn", "alembic", "asyncio", "websockets", "markdown_it")

_UNLOGGED: ContextVar[bool] = ContextVar("unlogged", default=False)
# Socket Mode prints a frame of a kind that it does not know, and with it whatever somebody may have answered.
_FRAME = "payload:"


@contextmanager
def unlogged() -> Iterator[None]:
    """Until the end of the block, this thread's log lines are dropped, at every level and whoever writes them."""
    before = _UNLOGGED.set(True)
    try:
        yield
    finally:
        _UNLOGGED.reset(before)


def _may_be_logged(_record: logging.LogRecord) -> bool:
    return not _UNLOGGED.get()


def _without_frame(record: logging.LogRecord) -> bool:
    said, cut, _frame = str(record.msg).partition(_FRAME)
    if cut:
        record.msg, record.args = f"{said}{cut} not logged)", ()
    return True


def configure_logs(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Set up logging once, for the whole process: one line an event, on standard error."""
    logging.basicConfig(level=level, format="%(message)s", stream=stream or sys.stderr, force=True)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_may_be_logged)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def quiet_logger(name: str, level: int = logging.WARNING) -> logging.Logger:
    """A logger for Slack's libraries that stays at `level` even when the root is at DEBUG."""
    logger = logging.getLogger(name)
    logger.setLevel(level)
    logger.addFilter(_may_be_logged)
    logger.addFilter(_without_frame)
    return logger
