"""Once a week the channel is told the head of the ledger, in words that anybody understands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.ledger.commands import note
from bot.ledger.heads import Head, parsed
from bot.ledger.posting import POST, owe_due
from bot.ledger.signing import SigningKeys
from bot.ledger.verifying import compared
from bot.sandbox.model import Message
from bot.schedule import tick
from bot.weeks import WEEK, iso_week
from storage import ledger, posts
from storage.database import SessionFactory, reading
from tests.candor import Candor, running
from tests.ledger.world import head_of, looked_at, write

CHANNEL = "C0NEWS"
MONDAY = datetime(2026, 11, 23, 13, tzinfo=UTC)


@pytest.fixture
def office(sessions: SessionFactory) -> Iterator[Candor]:
    with running(sessions, channel=CHANNEL) as candor:
        candor.sandbox.workspace.add_channel(id=CHANNEL, name="news", has_bot=True)
        yield candor


def posted(office: Candor) -> list[Message]:
    return [each for each in office.sandbox.workspace.messages(CHANNEL) if "ledger" in each.text]


def head_in(message: Message) -> Head:
    return parsed(message.text.split("`")[1])


def test_on_monday_the_head_is_posted_once_and_the_ledger_still_contains_it_later(office: Candor) -> None:
    office.tick_at(MONDAY - timedelta(minutes=1))
    assert posted(office) == []
    office.tick_at(MONDAY + timedelta(hours=1))
    office.tick_at(MONDAY + timedelta(hours=3))
    (message,) = posted(office)
    head, now = head_in(message), head_of(office.sessions)
    assert head == (now.number, now.hash)
    write(office.sessions, 3, MONDAY)
    assert compared([head], looked_at(office.sessions, [head.number])) == {head: None}
    office.tick_at(MONDAY + WEEK)
    (_, next_week) = posted(office)
    assert head_in(next_week).number >= head.number + 3


def test_the_post_says_what_it_is_how_to_check_it_and_which_key_signs(office: Candor) -> None:
    office.tick_at(MONDAY)
    (message,) = posted(office)
    shown = str(message.blocks)
    fingerprint = SigningKeys(office.services.settings.keys).made().fingerprint
    for words in (
        "Every manager, leader or person of HR who opens or takes away",
        f"candor ledger verify {head_in(message)}",
        fingerprint,
    ):
        assert words in shown
    assert fingerprint in message.text
    assert "restored" not in shown


def test_without_a_channel_and_on_other_days_nothing_is_owed(sessions: SessionFactory) -> None:
    assert not owe_due(sessions, CHANNEL, MONDAY)
    write(sessions, 1)
    assert not owe_due(sessions, None, MONDAY)
    assert not owe_due(sessions, CHANNEL, MONDAY - timedelta(seconds=1))
    assert not owe_due(sessions, CHANNEL, MONDAY + timedelta(days=1))
    assert owe_due(sessions, CHANNEL, MONDAY + timedelta(hours=23))
    assert not owe_due(sessions, CHANNEL, MONDAY + timedelta(hours=23))


def test_the_head_that_is_posted_is_that_of_the_moment_of_posting(office: Candor) -> None:
    owe_due(office.sessions, CHANNEL, MONDAY)
    before = head_of(office.sessions).number
    write(office.sessions, 2, MONDAY)
    office.tick_at(MONDAY)
    (message,) = posted(office)
    assert head_in(message).number >= before + 2


def test_after_a_restored_backup_the_post_says_why_an_older_line_may_not_fit(office: Candor) -> None:
    note(office.sessions, "db restored", MONDAY - timedelta(days=6))
    office.tick_at(MONDAY)
    assert "restored from a backup" in str(posted(office)[0].blocks) and "restored" in posted(office)[0].text
    office.tick_at(MONDAY + WEEK)
    assert "restored" not in posted(office)[1].text


def test_where_the_key_cannot_be_used_the_post_comes_and_says_so(office: Candor) -> None:
    keys = SigningKeys(office.services.settings.keys)
    keys.made()
    keys.file.chmod(0o644)
    office.tick_at(MONDAY)
    assert "cannot be used now" in posted(office)[0].text


def test_what_cannot_be_deleted_is_a_trouble_in_words_and_the_head_is_posted_all_the_same(office: Candor) -> None:
    keys = SigningKeys(office.services.settings.keys)
    with office.sessions.begin() as session:
        session.add(keys.made().checkpoint(Head(0, ""), MONDAY))
    keys.file.unlink()
    later = MONDAY + 160 * WEEK
    office.clock.now = later
    done = tick(office.services, office.client, office.outbox, later)
    assert "the key that signs the ledger is not in" in done.troubles["ledger"]
    with reading(office.sessions) as session:
        assert posts.get(session, f"{POST} {iso_week(later.date())}") is not None
        assert ledger.checkpoint(session) is not None
