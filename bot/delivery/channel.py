"""Posts that many people read, or that HR is told by: each is posted at most once, and never again on a guess.

A person's message that may have been lost is looked for in their DM. A channel's history is not Candor's to read, so
a post with an unknown outcome stays so, and operators are told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from sqlmodel import Session

from bot.delivery.messages import Answer, Later, Message
from bot.delivery.posting import PERSONAL_ERRORS, Limited, NotSent, Outcome, Refused, Sent, Unknown, outcome_of
from bot.slack_errors import BROKEN
from bot.stint import Stint
from storage import pace, posts
from storage.database import SessionFactory, reading
from storage.posts import State
from storage.tables import ChannelPost

log = structlog.get_logger("candor.channel")

PostComposer = Callable[[Session, ChannelPost, datetime], Answer]
"""From a post that is due to what it says; reads, in one transaction."""

LEASE = timedelta(minutes=2)
# A channel that Candor is not in, or that is archived, is tried again: after an hour, two, four … for five days in all.
AGAIN, MOST_REFUSALS = timedelta(hours=1), 8
# Slack cannot be reached, or the installation is no good: that is not the post's fault.
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Channels:
    """What posts are made with; `composers` by kind, and posts of other kinds are left alone."""

    sessions: SessionFactory
    client: WebClient
    workspace_id: str
    composers: Mapping[str, PostComposer]

    def post_due(self, now: datetime, stint: Stint) -> int:
        """Post as many of the posts that are due as the stint takes; returns how many Slack surely has."""
        with reading(self.sessions) as session:
            if not posts.any_open(session):
                return 0
        with self.sessions.begin() as session:
            lost = posts.give_up_on_dead(session, now)
        for key in lost:
            _say_unknown(key, "the process ended")
        posted = 0
        while stint.takes() and (taken := self._take(now)) is not None:
            posted += self._record(taken[0], _sent(self.client, *taken), now)
        return posted

    def _take(self, now: datetime) -> tuple[ChannelPost, Message] | None:
        """The next post with what it says, the intent committed; None when nothing is due, or nobody may post."""
        while True:
            with self.sessions.begin() as session:
                if not pace.gate(session, self.workspace_id).open(now):
                    return None
                post = posts.next_owed(session, list(self.composers), now)
                if post is None:
                    return None
                said = self.composers[post.kind](session, post, now)
                if isinstance(said, Message):
                    posts.start(session, post, now + LEASE)
                    return post, said
                if isinstance(said, Later):
                    posts.put_off(session, post, said.until)
                    continue
                posts.drop(session, post)
            log.info("post", post=post.key, outcome="dropped", reason=said.reason)

    def _record(self, post: ChannelPost, outcome: Outcome, now: datetime) -> bool:
        match outcome:
            case Sent(_, ts):
                self._mark(post, State.POSTED, "posted", ts=ts, reason=None)
            case Unknown(reason):
                self._mark(post, State.UNKNOWN, reason, reason=reason)
                _say_unknown(post.key, reason)
            case refused:
                self._refused(post, refused, now)
        return isinstance(outcome, Sent)

    def _refused(self, post: ChannelPost, refused: NotSent, now: datetime) -> None:
        reason = refused.reason
        if isinstance(refused, Refused) and (reason not in PERSONAL_ERRORS or post.attempts >= MOST_REFUSALS):
            self._mark(post, State.FAILED, reason, reason=reason)
            log.error("a post has failed: see candor doctor", post=post.key, channel=post.channel, reason=reason)
            return
        # What was not the post's fault uses up no try.
        tries = post.attempts if isinstance(refused, Refused) else post.attempts - 1
        self._mark(post, State.OWED, reason, reason=reason, not_before=now + _wait(post, refused), attempts=tries)
        log.warning("a post was refused and is tried again", post=post.key, channel=post.channel, reason=reason)

    def _mark(self, post: ChannelPost, state: State, said: str, **values: object) -> None:
        with self.sessions.begin() as session:
            mine = posts.mark(session, post, state, **values)
        log.info("post", post=post.key, outcome=state.value, reason=said, mine=mine)


def _wait(post: ChannelPost, refused: NotSent) -> timedelta:
    match refused:
        case Limited(_, seconds):
            return timedelta(seconds=seconds)
        case Refused():
            return AGAIN * (1 << (post.attempts - 1))
        case _:
            return SOON


def _sent(client: WebClient, post: ChannelPost, message: Message) -> Outcome:
    try:
        answer = client.chat_postMessage(
            channel=post.channel,
            text=message.text,
            blocks=message.blocks,
            unfurl_links=False,
            unfurl_media=False,
        )
        channel, ts = answer.get("channel"), answer.get("ts")
    except BROKEN as error:
        return outcome_of(error)
    return Sent(channel, ts) if isinstance(channel, str) and isinstance(ts, str) else Unknown("incomplete answer")


def _say_unknown(key: str, reason: str) -> None:
    log.error(
        "nobody can say whether a post arrived, so it is not posted again: look into the channel",
        post=key,
        reason=reason,
    )
