"""All the ways in which one run of a worker can go, as values that hypothesis draws and prints."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from hypothesis import strategies as st

from bot.delivery import DeliverySettings
from bot.sandbox.faults import FaultKind

# Nothing here waits: the post's timeout is only met in virtual time, by a worker that sleeps. Without a backoff and
# with refusals without end, nothing but the engine's own care keeps a message from being sent again at once.
LEASES = (30.0, 120.0)
SETTINGS = DeliverySettings(
    timeout_s=10, settle_s=90, backoff_s=0, max_refusals=1000, per_minute=6000, burst=100, lease_s=LEASES[0]
)
TIMEOUT, SETTLE = SETTINGS.timeout_s, int(SETTINGS.settle.total_seconds())
HOUR = 3600
PEOPLE = ("A", "B")

POST, HISTORY = "chat.postMessage", "conversations.history"
# "hang_*" and "slow" need real seconds; for the outbox the first is a reset, the second an accept that comes late.
BROKEN_POSTS: tuple[FaultKind, ...] = (
    "drop_before", "drop_after", "reset_before", "reset_after", "half_body", "error_500_before", "error_500_after",
    "fatal_error_after", "internal_error_after", "html_200", "html_200_before", "ratelimited", "ok",
)  # fmt: skip
BROKEN_HISTORIES: tuple[FaultKind, ...] = ("drop_before", "half_body", "error_500_after", "html_200", "ratelimited")

T = TypeVar("T")


class Step(StrEnum):
    """Where a worker can be struck, in the order in which it comes there."""

    LOOKED_UP = "the history was read, nothing is marked"
    SETTLING = "what the history says is about to be committed"
    COMPOSING = "rows are claimed, nothing is composed"
    INTENDING = "composed, nothing is intended"
    INTENDED = "the intent is committed, nothing is posted"
    ANSWERED = "Slack has answered, nothing is marked"
    MARKING = "the mark is about to be committed"


# In the others the worker holds a transaction open: whoever sleeps there keeps the others waiting, on SQLite.
BETWEEN_TRANSACTIONS = (Step.INTENDED, Step.INTENDING, Step.ANSWERED, Step.LOOKED_UP)


@dataclass(frozen=True)
class Strike:
    """What Slack does with the next call of a method; `seconds`: after which it asks to come back, or accepts it."""

    method: str
    kind: FaultKind
    seconds: int = 1


@dataclass(frozen=True)
class Dies:
    """The process ends at this step: no statement after it is executed, no transaction after it is committed."""

    at: Step


@dataclass(frozen=True)
class Sleeps:
    """The process stands still at this step; after each of the `naps` (in seconds) the others run."""

    at: Step
    naps: tuple[float, ...]


Fate = Dies | Sleeps


@dataclass(frozen=True)
class OptsOut:
    person: str


@dataclass(frozen=True)
class Leaves:
    """The person's account is deactivated."""

    person: str


@dataclass(frozen=True)
class TokenRevoked:
    """Slack accepts the bot's token no more."""


@dataclass(frozen=True)
class Resumed:
    """The operator has mended what the workspace was stopped for."""


News = OptsOut | Leaves | TokenRevoked | Resumed


@dataclass(frozen=True)
class Outcome:
    """What happens to one run of one worker, and to the others that run while it sleeps.

    `news` comes before it; strikes and fates meet whoever makes the call, or comes to the step, first.
    """

    slack: tuple[Strike, ...] = ()
    fates: tuple[Fate, ...] = ()
    news: News | None = None


def _all(most: int, *kinds: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.one_of(*kinds), max_size=most).map(tuple)


# What Slack accepts later than `settle` after the post began is beyond the promise; all up to there is in it.
_lateness = st.sampled_from((0, 1, TIMEOUT, SETTLE - TIMEOUT, SETTLE - 1, SETTLE)) | st.integers(0, SETTLE)
_retry_after = st.sampled_from((1, 30, HOUR))
_late = st.builds(Strike, st.just(POST), st.just("accept_late"), _lateness)
_broken_post = st.builds(Strike, st.just(POST), st.sampled_from(BROKEN_POSTS), _retry_after)
_broken_history = st.builds(Strike, st.just(HISTORY), st.sampled_from(BROKEN_HISTORIES), _retry_after)

# To sleep for less than the timeout is allowed; from there on everything may be over: the lease, the settling, all.
_naps = st.sampled_from((0.5, TIMEOUT - 1, TIMEOUT, *(lease - 1 for lease in LEASES), SETTLE, 2 * SETTLE, HOUR))
_sleeps = st.builds(Sleeps, st.sampled_from(BETWEEN_TRANSACTIONS), st.lists(_naps, min_size=1, max_size=2).map(tuple))
# Nobody knows less than who dies with Slack's answer in hand.
_dies = st.builds(Dies, st.sampled_from((Step.ANSWERED, Step.ANSWERED, *Step)))
_news = st.one_of(
    st.builds(OptsOut, st.sampled_from(PEOPLE)),
    st.builds(Leaves, st.sampled_from(PEOPLE)),
    st.builds(TokenRevoked),
    st.builds(Resumed),
)

# Most steps bring no news: people who are gone and workspaces that are stopped would hide everything else.
outcomes = st.builds(
    Outcome,
    slack=_all(3, _broken_post, _late, _broken_history),
    fates=_all(3, _dies, _sleeps),
    news=st.sampled_from((False, False, False, True)).flatmap(lambda some: _news if some else st.none()),
)
waits = st.sampled_from((0, 1, TIMEOUT, SETTLE - 1, SETTLE, *LEASES, *(lease + 1 for lease in LEASES), 6 * HOUR))
