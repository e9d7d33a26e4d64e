"""Posts to channels: each is posted at most once, whatever breaks, and never again on a guess."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog
from sqlmodel import Session

from bot.delivery import Drop, Message
from bot.delivery.channel import LEASE, MOST_REFUSALS, Channels
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import Message as Posted
from bot.stint import Stint
from storage import people, posts
from storage.posts import State
from storage.tables import ChannelPost
from tests.candor import START, Candor

CHANNEL = "C01"


class Office:
    """A channel, one post that is owed to it, and who posts."""

    def __init__(self, candor: Candor) -> None:
        self.candor, self.now, self.said = candor, START, "News."
        candor.sandbox.workspace.add_channel(id=CHANNEL, name="news", has_bot=True)
        with candor.sessions.begin() as session:
            posts.owe(session, "news 1", "news", CHANNEL, START)

    def compose(self, session: Session, post: ChannelPost, now: object) -> Message | Drop:
        return Message(self.said, []) if self.said else Drop("nothing to say")

    def run(self, later: timedelta = timedelta(0)) -> int:
        self.now += later
        candor = self.candor
        channels = Channels(candor.sessions, candor.client, candor.services.workspace_id, {"news": self.compose})
        return channels.post_due(self.now, Stint(seconds=10))

    def posted(self) -> list[Posted]:
        return self.candor.sandbox.workspace.messages(CHANNEL)

    def post(self) -> ChannelPost:
        with self.candor.sessions() as session:
            found = posts.get(session, "news 1")
        assert found is not None
        return found

    def state(self) -> tuple[str, str | None]:
        return self.post().state, self.post().reason

    def fault(self, kind: FaultKind, times: int = 1, retry_after: int = 1) -> None:
        self.candor.sandbox.faults.add(
            Fault(method="chat.postMessage", kind=kind, times=times, retry_after=retry_after)
        )


@pytest.fixture
def office(candor: Candor) -> Iterator[Office]:
    yield Office(candor)


def test_a_post_that_is_owed_is_posted_once(office: Office) -> None:
    assert (office.run(), office.run()) == (1, 0)
    assert [post.text for post in office.posted()] == ["News."]
    assert office.state() == ("posted", None)


def test_a_key_that_had_its_post_is_not_owed_again(office: Office) -> None:
    office.run()
    with office.candor.sessions.begin() as session:
        assert not posts.owe(session, "news 1", "news", CHANNEL, START)
    assert office.run() == 0


@pytest.mark.parametrize("kind", ["reset_after", "drop_after", "half_body", "error_500_after", "html_200"])
def test_one_with_an_unknown_outcome_stays_so_and_operators_are_told(office: Office, kind: FaultKind) -> None:
    office.fault(kind)
    with structlog.testing.capture_logs() as lines:
        office.run()
    assert office.state()[0] == "unknown"
    assert any(line["log_level"] == "error" and "look into the channel" in line["event"] for line in lines)
    office.run(timedelta(days=30))
    assert len(office.posted()) == 1
    with office.candor.sessions() as session:
        assert [post.key for post in posts.in_trouble(session)] == ["news 1"]


def test_one_of_a_process_that_died_in_the_middle_is_never_posted_again(office: Office) -> None:
    with office.candor.sessions.begin() as session:
        post = posts.next_owed(session, ["news"], START)
        assert post is not None
        posts.start(session, post, START + LEASE)
    assert office.run(LEASE / 2) == 0
    assert office.state()[0] == "posting"
    assert office.run(LEASE) == 0
    assert office.state() == ("unknown", "the process ended")
    assert not office.posted()


def test_a_process_that_comes_back_too_late_changes_nothing(office: Office) -> None:
    with office.candor.sessions.begin() as session:
        post = posts.next_owed(session, ["news"], START)
        assert post is not None
        posts.start(session, post, START + LEASE)
    office.run(2 * LEASE)
    with office.candor.sessions.begin() as session:
        assert not posts.mark(session, post, State.OWED, reason="late")
    assert office.state()[0] == "unknown"


def test_one_that_slack_limits_is_posted_when_it_says_and_uses_up_no_try(office: Office) -> None:
    office.fault("ratelimited", retry_after=90)
    office.run()
    assert (office.state(), office.post().attempts) == (("owed", "ratelimited"), 0)
    assert office.run(timedelta(seconds=89)) == 0
    assert office.run(timedelta(seconds=2)) == 1


def test_a_channel_that_candor_is_not_in_yet_gets_its_post_later(office: Office) -> None:
    channel = office.candor.sandbox.workspace.channels[CHANNEL]
    channel.members.discard(office.candor.sandbox.workspace.bot_user_id)
    office.run()
    assert office.state() == ("owed", "not_in_channel")
    assert office.run(timedelta(minutes=59)) == 0
    channel.members.add(office.candor.sandbox.workspace.bot_user_id)
    assert office.run(timedelta(minutes=2)) == 1
    assert office.state() == ("posted", None)


def test_a_channel_that_never_comes_back_is_given_up_and_said(office: Office) -> None:
    channel = office.candor.sandbox.workspace.channels[CHANNEL]
    channel.members.discard(office.candor.sandbox.workspace.bot_user_id)
    for _ in range(MOST_REFUSALS):
        office.run(timedelta(days=7))
    assert office.state() == ("failed", "not_in_channel")
    channel.members.add(office.candor.sandbox.workspace.bot_user_id)
    assert office.run(timedelta(days=7)) == 0


def test_what_slack_will_never_take_fails_at_once(office: Office) -> None:
    office.said = "x" * 50_000
    office.run()
    assert office.state() == ("failed", "msg_too_long")


def test_what_has_become_pointless_is_dropped(office: Office) -> None:
    office.said = ""
    assert office.run() == 0
    with office.candor.sessions() as session:
        assert posts.get(session, "news 1") is None


def test_nothing_is_posted_while_sending_has_stopped(office: Office) -> None:
    with office.candor.sessions.begin() as session:
        people.stop_workspace(session, "token_revoked", START)
    assert office.run() == 0
    assert office.state() == ("owed", None)


def test_posts_of_a_kind_that_nobody_composes_are_left_alone(office: Office) -> None:
    with office.candor.sessions.begin() as session:
        posts.owe(session, "other 1", "other", CHANNEL, START)
    assert office.run() == 1
    with office.candor.sessions() as session:
        other = posts.get(session, "other 1")
    assert other is not None
    assert other.state == "owed"
