"""Operator commands that read or copy personal data, and every publication, leave an entry; and `candor ledger`."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, update
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import OperatorError
from bot.ledger.commands import COMMANDS, note
from bot.ledger.heads import Head
from bot.ledger.pruning import prune
from bot.ledger.signing import SigningKeys
from bot.operators.restoring import make_safe
from bot.policy.publishing import drafting
from bot.policy.publishing.drafting import Rules
from bot.policy.versions import ensure_published
from bot.settings import Settings
from bot.weeks import WEEK
from storage import people
from storage.database import SessionFactory
from storage.tables import LedgerEntry
from tests.candor import START, Candor
from tests.ledger.world import entries_in, head_of, looked_at, write
from tests.no_way_round.found import typed_commands
from tests.policy.drafts import file
from tests.shell import shell_env

# The commands take the time from the machine.
NOW = datetime.now(UTC).replace(microsecond=0)
SAMPLE: Path = Settings.model_fields["policy"].default
Type = Callable[..., Result]


@pytest.fixture
def typing(sessions: SessionFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """A shell on a database with the sample policy in force; Slack is out of reach."""
    monkeypatch.chdir(tmp_path)
    with sessions.begin() as session:
        people.ensure_workspace(session, "T0HALDEN", "Halden Labs")
    ensure_published(sessions, SAMPLE, NOW - timedelta(days=90))
    env = shell_env(sessions.kw["bind"], CANDOR_KEYS=str(tmp_path / "keys"))
    return lambda *words: CliRunner().invoke(app, list(words), env=env)


def told(sessions: SessionFactory) -> list[tuple[str, str, str]]:
    return [(each.who, each.what, each.about) for each in entries_in(sessions)]


def newest(sessions: SessionFactory) -> tuple[str, str, str]:
    return told(sessions)[-1]


def well(result: Result) -> str:
    assert result.exit_code == 0, (result.output, result.exception)
    return " ".join(result.output.split())


def test_every_command_says_whether_it_leaves_an_entry_and_why() -> None:
    assert set(COMMANDS) == typed_commands()
    assert all(rule.why for rule in COMMANDS.values())


def test_a_command_that_leaves_no_entry_cannot_be_noted(sessions: SessionFactory) -> None:
    with pytest.raises(AssertionError):
        note(sessions, "policy show", START)
    assert entries_in(sessions) == []


def test_the_first_policy_is_entry_number_one(typing: Type, sessions: SessionFactory) -> None:
    assert told(sessions) == [("first start", "policy", "version 1")]


def test_a_policy_published_from_the_command_line_is_an_entry(
    typing: Type, sessions: SessionFactory, tmp_path: Path
) -> None:
    (tmp_path / "next.md").write_text(file(effective=str((NOW + timedelta(days=60)).date())))
    well(typing("policy", "publish", "next.md", "--yes"))
    assert newest(sessions) == ("command line", "policy", "version 2")


def test_a_policy_published_by_two_of_hr_names_both(candor: Candor) -> None:
    rules = Rules(None, {"U0HR", "U0TWO"}, two=True)
    raw = file(effective="2027-01-11").encode()
    draft = drafting.propose(candor.sessions, "U0HR", raw, "next.md", START)
    drafting.publish(candor.sessions, draft, rules, START)
    drafting.confirm(candor.sessions, draft, "U0TWO", rules, START)
    assert told(candor.sessions)[1:] == [("U0HR", "policy", "version 2"), ("U0TWO", "policy", "version 2")]


def test_a_publication_that_is_refused_leaves_no_entry(typing: Type, sessions: SessionFactory, tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text(SAMPLE.read_text())
    assert typing("policy", "publish", "same.md", "--yes").exit_code != 0
    assert len(told(sessions)) == 1


def test_importing_usage_is_an_entry_also_when_the_file_is_refused(
    typing: Type, sessions: SessionFactory, tmp_path: Path
) -> None:
    (tmp_path / "usage.csv").write_text("nonsense")
    typing("usage", "import", "usage.csv", "--source", "csv")
    assert newest(sessions) == ("command line", "command", "usage import")


def test_a_backup_is_an_entry_and_holds_it(typing: Type, sessions: SessionFactory, tmp_path: Path) -> None:
    engine: Engine = sessions.kw["bind"]
    done = typing("db", "backup", "copy.db")
    if engine.dialect.name == "postgresql":
        assert isinstance(done.exception, OperatorError) and len(told(sessions)) == 1
        return
    well(done)
    assert newest(sessions) == ("command line", "command", "db backup")
    assert b"db backup" in (tmp_path / "copy.db").read_bytes()
    typing("db", "backup", "copy.db")
    assert len(told(sessions)) == 2


def test_after_a_restored_backup_the_ledger_goes_on_from_it_says_so_and_newer_heads_differ(
    typing: Type, sessions: SessionFactory
) -> None:
    lost = Head(3, "ab" * 32)
    said = well(typing("db", "restored", "--yes"))
    assert newest(sessions) == ("command line", "command", "db restored")
    assert "The ledger goes on from the backup's newest entry" in said
    assert looked_at(sessions).said == []
    checked = typing("ledger", "verify", str(lost))
    assert checked.exit_code == 1
    assert "it was cut off, or an older backup was restored" in checked.output


def test_a_database_on_which_a_bot_is_at_work_is_not_noted_as_restored(candor: Candor) -> None:
    candor.tick()
    before = len(told(candor.sessions))
    with pytest.raises(OperatorError):
        make_safe(candor.sessions, candor.clock())
    assert len(told(candor.sessions)) == before


def test_verify_finds_an_unbroken_chain_well_and_prints_its_head(typing: Type, sessions: SessionFactory) -> None:
    write(sessions, 3, NOW)
    head = head_of(sessions)
    said = well(typing("ledger", "verify"))
    assert "4 entries in the ledger" in said and f"{head.number}:{head.hash}" in said
    posted = f"{head.number}:{head.hash[:16]}"
    assert f"{posted}: as it was posted" in well(typing("ledger", "verify", f"`{posted}`"))


def test_verify_says_what_is_wrong_and_ends_with_1(typing: Type, sessions: SessionFactory) -> None:
    write(sessions, 3, NOW)
    head = head_of(sessions)
    with sessions.begin() as session:
        session.exec(update(LedgerEntry).where(col(LedgerEntry.number) == 2).values(about="nothing"))
    done = typing("ledger", "verify", f"{head.number}:{head.hash}")
    assert done.exit_code == 1
    assert "wrong: entry 2 was changed" in done.output
    assert "is as it was posted, but not all before it" in done.output


def test_verify_names_nobody(typing: Type, sessions: SessionFactory) -> None:
    write(sessions, 3, NOW)
    said = well(typing("ledger", "verify"))
    assert not [word for word in ("U0", "U1", "U2", "Payments") if word in said]


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "4",
        "4:ab",
        "4:" + "g" * 64,
        ":" + "a" * 64,
        "-1:" + "a" * 64,
        "0:" + "0" * 16,
        "04:" + "a" * 64,
        "４:" + "a" * 64,
    ],
)
def test_what_is_no_head_is_refused_in_words(typing: Type, text: str) -> None:
    done = typing("ledger", "verify", "--", text)
    assert isinstance(done.exception, OperatorError) and "not a head" in str(done.exception)


def test_verify_names_the_key_and_says_when_it_is_lost(typing: Type, sessions: SessionFactory, tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys")
    prune(sessions, keys, NOW + 200 * WEEK)
    assert keys.made().fingerprint in well(typing("ledger", "verify"))
    assert "signs the ledger already" in str(typing("ledger", "new-key", "--yes").exception)
    keys.file.unlink()
    done = typing("ledger", "verify")
    assert done.exit_code == 1 and "candor ledger new-key" in done.output
    assert str(typing("ledger", "new-key").exception) != ""
    well(typing("ledger", "new-key", "--yes"))
    assert newest(sessions)[2] == f"ledger new-key: {keys.made().fingerprint}"
    well(typing("ledger", "verify"))


def test_every_ledgered_command_names_nothing_that_was_typed(typing: Type, sessions: SessionFactory) -> None:
    words: Sequence[tuple[str, ...]] = (
        ("usage", "import", "canary.csv", "--source", "canary"),
        ("db", "backup", "/nowhere/canary.db"),
        ("pulse", "export", "canary.out"),
    )
    for each in words:
        typing(*each)
    assert "canary" not in str(told(sessions))
