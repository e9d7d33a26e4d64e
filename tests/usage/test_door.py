"""The door: of people who have not consented nothing is kept, logged or said, also where the file is broken."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine, text, update

from bot.logs import configure_logs
from bot.usage.importing import import_usage
from storage.database import SessionFactory
from storage.tables import ConsentTool
from tests.usage.world import (
    ANA,
    BEN,
    CANARY,
    EMAILS,
    LOGINS,
    NOW,
    bring,
    claude,
    copilot,
    cursor,
    join,
    page,
    stored,
    table,
)

CANARY_LOGIN = "canary-7f3a9c"
A = EMAILS[ANA]


def _csv() -> str:
    good = f"{A},chatgpt,chat,2026-11-16,4"
    of_canary = (
        f"{CANARY},chatgpt,chat,2026-11-16,7",
        f"{CANARY},chatgpt,chat,2026-99-99,-7",
        f'"{CANARY}",chatgpt,"chat',
        f'"{CANARY}" x,chatgpt,chat,"2026-11-16,5',
        f"{CANARY}",
        f"chat,{CANARY},chatgpt,2026-11-16,4",
        f"{A},chatgpt,chat,2026-11-16,{CANARY}",
        f"{A},{CANARY},chat,2026-11-16,4",
        f"{A},chatgpt,{CANARY},2026-11-16,4",
        f"{A},chatgpt,chat,{CANARY},4",
        f"{A},chatgpt,chat,2026-11-16,4,{CANARY}",
        f"{CANARY}{'x' * 70_000}",
    )
    return table(good, *of_canary)


def _claude() -> str:
    rows = [
        claude(),
        claude(CANARY),
        claude(CANARY, core_metrics=CANARY, date=CANARY),
        claude(date=CANARY),
        claude(core_metrics={"num_sessions": CANARY}),
        claude(model_breakdown=[{"tokens": {"input": CANARY}}]),
        {"email": CANARY},
    ]
    return page(*rows) + f'\n{{"actor": "{CANARY}", oops\n[{{"actor": {CANARY}}}, "{CANARY}", {{"actor": "{CANARY}'


def _copilot() -> str:
    rows = [copilot(), copilot(CANARY_LOGIN), copilot(totals_by_cli=CANARY_LOGIN), copilot(day=CANARY_LOGIN)]
    return "\n".join(map(json.dumps, rows)) + f'\n{{"user_login": "{CANARY_LOGIN}", "day"\n{CANARY_LOGIN}\n'


def _cursor() -> str:
    rows = [cursor(), cursor(CANARY), cursor(day=CANARY), cursor(isActive=CANARY), cursor(CANARY, chatRequests=-1)]
    return page(*rows, **{CANARY: CANARY})


FILES: dict[str, tuple[str, Callable[[], str]]] = {
    "csv": ("chatgpt", _csv),
    "claude-code": ("claude-code", _claude),
    "copilot": ("copilot", _copilot),
    "cursor": ("cursor", _cursor),
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, SQLAlchemy's own words at DEBUG among it."""
    root, noisy = logging.getLogger(), logging.getLogger("sqlalchemy")
    before = root.handlers[:], root.level, noisy.level
    root.handlers.clear()
    written = io.StringIO()
    configure_logs("DEBUG", written)
    noisy.setLevel(logging.DEBUG)
    yield written
    root.handlers[:], level, noisy_level = before
    root.setLevel(level)
    noisy.setLevel(noisy_level)
    structlog.reset_defaults()


@pytest.mark.parametrize("strict", [False, True], ids=["kept", "strict"])
@pytest.mark.parametrize("source", FILES)
def test_a_canary_is_in_no_byte_on_disk_and_in_no_log_line(
    sessions: SessionFactory, engine: Engine, tmp_path: Path, log: io.StringIO, source: str, strict: bool
) -> None:
    tool, content = FILES[source]
    join(sessions, ANA, tool, login=LOGINS[ANA])
    summary = bring(sessions, content(), source, strict=strict, **_logins(source))
    assert summary.rejected
    assert (len(stored(sessions)) == 0) == strict
    assert "canary" not in repr(summary) + " ".join(map(str, summary.rejected))
    assert "usage import" in log.getvalue()
    assert "canary" not in log.getvalue()
    held = _everything(engine, tmp_path)
    assert (A.encode() in held, CANARY_LOGIN.encode() in held) == (True, False)


def _logins(source: str) -> dict[str, io.BytesIO]:
    names = f"login,email\n{LOGINS[ANA]},{A}\n{CANARY_LOGIN},{CANARY}\n{CANARY} x,{A}\n"
    return {"logins": io.BytesIO(names.encode())} if source == "copilot" else {}


def _everything(engine: Engine, folder: Path) -> bytes:
    """Every byte of SQLite's files, also of the -wal, or of PostgreSQL's, with its own log."""
    if engine.dialect.name == "sqlite":
        files = list(folder.glob("candor.db*"))
        assert len(files) == 3
    else:
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        files = [file for file in folder.rglob("*") if file.is_file()]
        assert any("pg_wal" in file.parts for file in files)
    return b"".join(file.read_bytes() for file in files)


@pytest.mark.parametrize(
    "content",
    [
        f"{CANARY},chatgpt,chat,2026-11-16,7\n",
        f"email,{CANARY}\n",
        f"email,tool,surface,day,prompts,{CANARY}\n",
        f"email;tool;{CANARY}\n",
        f'"{CANARY}\n',
        f"{CANARY}\r{CANARY}",
        CANARY * 10_000,
    ],
)
def test_a_refused_header_does_not_say_whom_it_names(sessions: SessionFactory, content: str) -> None:
    join(sessions, ANA, "chatgpt")
    summary = bring(sessions, content, "csv")
    assert summary.outcome == "refused"
    assert "canary" not in repr(summary)


def test_a_consent_to_another_tool_opens_nothing(sessions: SessionFactory) -> None:
    join(sessions, ANA, "cursor")
    join(sessions, BEN, "claude-code")
    summary = bring(sessions, page(claude(), claude(EMAILS[BEN], date="never")), "claude-code")
    assert (summary.dropped_not_consenting, summary.rejected_total) == (1, 1)
    assert stored(sessions) == {}


def test_rows_of_others_are_never_reported_however_wrong_they_are(sessions: SessionFactory) -> None:
    join(sessions, ANA, "chatgpt")
    lines = (f"{CANARY},chatgpt,chat,2026-02-30,-1", f'{CANARY},chatgpt,chat,"x",', f"{CANARY},gpt", "nobody")
    summary = bring(sessions, table(*lines), "csv")
    assert (summary.dropped_not_consenting, summary.rejected) == (4, [])


def test_a_person_who_was_deactivated_is_not_let_through(sessions: SessionFactory) -> None:
    join(sessions, ANA, "claude-code", active=False)
    join(sessions, BEN, "claude-code")
    assert bring(sessions, page(claude()), "claude-code").dropped_not_consenting == 1


class Untouchable(io.RawIOBase):
    """A file that must not be read."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the file was read")


def test_nothing_is_read_when_nobody_has_consented(sessions: SessionFactory) -> None:
    join(sessions, ANA, "cursor")
    untouchable = io.BufferedReader(Untouchable())
    summary = import_usage(sessions, untouchable, "copilot", now=NOW, logins=untouchable)
    assert (summary.outcome, summary.read) == ("nobody", 0)


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("csv", table(f"{A},chatgpt,chat,2026-11-16,4", f"{A},chatgpt,chat,2026-11-17,5")),
        ("claude-code", page(claude(date="2026-11-16T00:00:00Z"), claude(date="2026-11-17T00:00:00Z"))),
    ],
    ids=["csv", "claude-code"],
)  # fmt: skip
def test_days_before_the_person_agreed_to_the_tool_are_dropped(
    sessions: SessionFactory, source: str, file: str
) -> None:
    join(sessions, ANA, "claude-code", "chatgpt")
    with sessions.begin() as session:
        session.exec(update(ConsentTool).values(since=date(2026, 11, 17)))
    summary = bring(sessions, file, source)
    assert {day for _, _, _, day in stored(sessions)} == {"2026-11-17"}
    assert (summary.kept, summary.data_from) == (1, date(2026, 11, 17))
    assert summary.dropped_not_consenting == summary.read - 1
