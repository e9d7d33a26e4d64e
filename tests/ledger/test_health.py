"""What `candor doctor` says of the ledger and of the key that signs its checkpoints."""

from pathlib import Path

import pytest
from sqlmodel import col, update

from bot.ledger.health import examine
from bot.ledger.pruning import prune
from bot.ledger.signing import SigningKeys
from bot.settings import Settings
from bot.troubles import Finding
from bot.weeks import WEEK
from storage.database import SessionFactory
from storage.tables import LedgerEntry
from tests.candor import START
from tests.ledger.world import write
from tests.policy.drafts import publish_next


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, slack_bot_token="xoxb-x", keys=tmp_path / "keys")


def findings(settings: Settings, sessions: SessionFactory) -> dict[str, Finding]:
    return {each.name: each for each in examine(settings, sessions)}


def test_an_empty_ledger_and_an_unbroken_one_are_well_and_need_no_key_yet(
    settings: Settings, sessions: SessionFactory
) -> None:
    assert findings(settings, sessions) == {"ledger": Finding("ledger", True, "0 entries, unbroken")}
    write(sessions, 2)
    assert findings(settings, sessions) == {"ledger": Finding("ledger", True, "2 entries, unbroken")}
    assert not settings.keys.exists()


def test_a_changed_entry_is_found_with_the_command_that_shows_more(
    settings: Settings, sessions: SessionFactory
) -> None:
    write(sessions, 3)
    with sessions.begin() as session:
        session.exec(update(LedgerEntry).where(col(LedgerEntry.number) == 2).values(what="nothing"))
    (found,) = findings(settings, sessions).values()
    assert (found.well, found.said.partition(":")[0]) == (False, "entry 2 was changed")
    assert "candor ledger verify" in found.said


def test_once_something_was_deleted_the_key_has_to_be_there(settings: Settings, sessions: SessionFactory) -> None:
    publish_next(sessions, START - WEEK)
    keys = SigningKeys(settings.keys)
    assert prune(sessions, keys, START + 200 * WEEK) == 1
    found = findings(settings, sessions)
    assert found["ledger key"].well and keys.made().fingerprint in found["ledger key"].said
    keys.file.unlink()
    lost = findings(settings, sessions)["ledger key"]
    assert not lost.well and "put the file back" in lost.said
