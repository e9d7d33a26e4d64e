"""The outbox at work: recover, look up, claim, compose, post, mark; until nothing is due or the rate says wait.

Every step is one transaction that is over before Slack is called, and each may be the last that this process makes:
what is committed tells any other worker what has to be done next.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

import structlog
from slack_sdk import WebClient

from bot.delivery import history, posting
from bot.delivery.composing import compose
from bot.delivery.history import Absent, Found, Unreadable
from bot.delivery.marking import Marker
from bot.delivery.messages import Answer, Composer, DeliverySettings, Drop, Later, Message, Tally
from bot.delivery.posting import Limited, Outcome, Refused, Sent, Uninstalled, Unknown, Unreachable
from bot.troubles import Troubles
from storage import deliveries, leases, pace
from storage.database import SessionFactory
from storage.deliveries import DIGEST, TO_EVERYBODY
from storage.leases import Claim, Terms
from storage.tables import Delivery

log = structlog.get_logger("candor.delivery")

# So many posts in a row with an unknown outcome, in however many runs, mean that Slack is in trouble, not the message.
TROUBLE = 3
# So many in a row that Slack refuses for what they are, to whoever they go, or that cannot even be composed: all others
# would end the same way.
ALL_REFUSED = 20
NOT_COMPOSED = "not composed"
HISTORY_TROUBLE = (
    "messages with an unknown outcome stay so, and are not sent again: Slack's history cannot be read. "
    "See candor deliveries; they are looked up again by themselves"
)
SLACK_TROUBLE = "Slack is in trouble: nothing is lost, sending pauses and is tried again by itself"
COMPOSING_TROUBLE = "a message could not be composed: it holds up no other, is tried again, and given up in the end"
# A composer that names a moment already past must not be asked again at once.
SOONEST = timedelta(minutes=1)


class Next(Enum):
    """What a worker does after a message: go on, or end the run."""

    GO = auto()
    END = auto()


class Outbox:
    """One worker of one workspace. Any number of them may run, in threads, processes and machines.

    `composers` maps a kind to what composes it; kinds without a composer are left alone. Kinds other than "digest"
    are notices: they come first, but for those that go to everybody at once, which come last. `worker` names this
    worker in the rows it holds. `monotonic` is in seconds. Workers of one process share their `troubles`, so that each
    is told once.
    """

    def __init__(
        self,
        sessions: SessionFactory,
        client: WebClient,
        composers: Mapping[str, Composer],
        clock: Callable[[], datetime],
        *,
        workspace_id: str,
        worker: str,
        settings: DeliverySettings,
        monotonic: Callable[[], float] = time.monotonic,
        troubles: Troubles | None = None,
    ):
        self._sessions = sessions
        self._client = posting.sender(client, settings.timeout_s)
        self._composers = composers
        self._clock = clock
        self._workspace_id = workspace_id
        self._settings = settings
        self._monotonic = monotonic
        self._mark = Marker(sessions, clock, workspace_id, settings)
        self.worker = worker
        self._stopping = threading.Event()
        self._troubles = troubles or Troubles("candor.delivery")
        self._refused_in_a_row = self._unknown_in_a_row = self._uncomposed_in_a_row = 0
        kinds = tuple(sorted(composers, key=lambda kind: (kind in TO_EVERYBODY, kind == DIGEST, kind)))
        self._terms = Terms(workspace_id, worker, kinds, settings.lease, settings.batch, settings.rate)

    def run(self, now: datetime) -> Tally:
        """Send what is due at `now`, as far as the rate allows.

        Database errors are raised: what this run has not marked by then is taken over when its lease ends.
        """
        tally = Tally()
        try:
            self._run(now, tally)
        finally:
            self._mark.tell_failures()
        return tally

    def _run(self, now: datetime, tally: Tally) -> None:
        began = self._monotonic()
        self._recover(tally)
        if self._stopped():
            return
        self._look_up(tally)
        while not self._stopping.is_set() and self._send_batch(now, tally):
            if self._monotonic() - began >= self._settings.run_s:
                tally.resume_at = self._clock()
                break

    def stop(self) -> None:
        """End the run that is under way after the message at hand; no later one sends anything."""
        self._stopping.set()

    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    def _stopped(self) -> bool:
        with self._sessions.begin() as session:
            return pace.gate(session, self._workspace_id).stopped

    def _recover(self, tally: Tally) -> None:
        """A lease that ended: what was claimed is free again, what was being posted has an unknown outcome."""
        now = self._clock()
        # The post may have begun up to `timeout_s` after the lease did.
        since_begun = self._settings.lease - timedelta(seconds=self._settings.timeout_s)
        look_up_at = now + max(timedelta(0), self._settings.settle - since_begun)
        with self._sessions.begin() as session:
            freed, unknown = leases.recover(session, self._workspace_id, now, look_up_at)
        tally.recovered += freed + unknown
        if freed or unknown:
            log.warning("took over from a worker that stopped", freed=freed, unknown=unknown)

    def _look_up(self, tally: Tally) -> None:
        """Settle unknown outcomes, one by one; the first that cannot be read ends it for this run."""
        for _ in range(self._settings.batch):
            now = self._clock()
            with self._sessions.begin() as session:
                if self._stopping.is_set() or not pace.lookups_open(session, self._workspace_id, now):
                    return
                delivery = leases.take_unknown(session, self._workspace_id, now, now + self._settings.lease)
                channel = deliveries.channel_of(session, delivery.person_id) if delivery else None
            if delivery is None or not self._settle(delivery, channel, tally):
                return

    def _settle(self, delivery: Delivery, channel: str | None, tally: Tally) -> bool:
        match history.look_up(self._client, delivery, channel, lambda: not self.stopping()):
            case Found(dm, ts):
                # Nobody knows any more whether this one held figures; a digest may have.
                self._mark.sent(delivery, Sent(dm, ts), delivery.kind == DIGEST, tally)
            case Absent():
                self._mark.absent(delivery, tally)
            case Unreadable(reason, final=True):
                self._mark.failed(delivery, f"outcome unknown: {reason}", tally)
            case Unreadable(reason, wait=wait):
                self._mark.unreadable(wait)
                if "Slack" not in self._troubles:
                    self._troubles.met("history", HISTORY_TROUBLE, delivery=delivery.id, reason=reason)
                return False
        self._troubles.over("history")
        return True

    def _send_batch(self, now: datetime, tally: Tally) -> bool:
        """False when there is nothing more to do in this run."""
        with self._sessions.begin() as session:
            claim = leases.claim(session, self._terms, due_by=now, now=self._clock())
        tally.resume_at = claim.resume_at
        if not claim.rows:
            return False
        answers, failures = compose(self._sessions, self._composers, claim.rows, now)
        for where, example in failures.items():
            self._troubles.met(where, COMPOSING_TROUBLE, delivery=example, error=where)
        self._set_aside(claim, answers, now, tally)
        if self._none_composed(len(claim.rows), answers):
            self._mark.stop(NOT_COMPOSED)
            return False
        messages = [(row, found) for row in claim.rows if isinstance(found := answers.get(row.id), Message)]
        return self._send_all(messages, tally)

    def _set_aside(self, claim: Claim, answers: Mapping[str, Answer], now: datetime, tally: Tally) -> None:
        """Mark what is not to be posted now, and give its tokens back."""
        aside = [row for row in claim.rows if not isinstance(answers.get(row.id), Message)]
        if not aside or claim.tat is None:
            return
        with self._sessions.begin() as session:
            for delivery in aside:
                match answers.get(delivery.id):
                    case Drop(reason):
                        tally.dropped += deliveries.drop(session, delivery, self._clock(), reason)
                    case Later(until):
                        tally.postponed += deliveries.postpone(session, delivery, max(until, now + SOONEST))
                    case _:
                        self._mark.refuse(session, delivery, NOT_COMPOSED, tally, SOONEST)
            pace.refund(session, self._workspace_id, self._terms.rate, claim.tat, len(aside))

    def _none_composed(self, asked: int, answers: Mapping[str, Answer]) -> bool:
        self._uncomposed_in_a_row = 0 if answers else self._uncomposed_in_a_row + asked
        return self._uncomposed_in_a_row >= ALL_REFUSED

    def _send_all(self, messages: Sequence[tuple[Delivery, Message]], tally: Tally) -> bool:
        for place, (delivery, message) in enumerate(messages):
            if self._send(delivery, message, tally) is Next.END or self._stopping.is_set():
                self._mark.release(row for row, _ in messages[place + 1 :])
                return False
        return True

    def _send(self, delivery: Delivery, message: Message, tally: Tally) -> Next:
        stamp, now = self._monotonic(), self._clock()
        with self._sessions.begin() as session:
            mine = deliveries.start(session, delivery, now, self._settings.lease)
        if not mine:
            return self._not_started(delivery, now, tally)
        # A process that slept until here may wake up after others have looked the message up and sent it.
        if self._monotonic() - stamp >= self._settings.timeout_s:
            self._mark.release([delivery])
            return Next.END
        return self._record(delivery, message, posting.post(self._client, delivery, message), tally)

    def _not_started(self, delivery: Delivery, now: datetime, tally: Tally) -> Next:
        """Nobody may post for now; or another worker has the row, and there is nothing to give back."""
        with self._sessions.begin() as session:
            gate = pace.gate(session, self._workspace_id)
        self._mark.release([delivery])
        if gate.open(now):
            return Next.GO
        tally.resume_at = gate.shut_until(now)
        return Next.END

    def _record(self, delivery: Delivery, message: Message, outcome: Outcome, tally: Tally) -> Next:
        self._unknown_in_a_row = self._unknown_in_a_row + 1 if isinstance(outcome, Unknown) else 0
        match outcome:
            case Sent():
                self._mark.sent(delivery, outcome, message.holds_figures, tally)
                self._refused_in_a_row = 0
                self._troubles.over("Slack")
            case Refused(reason):
                self._mark.failed(delivery, reason, tally)
                return self._after_refusal(reason)
            case Unknown(reason):
                self._mark.unknown(delivery, reason, tally)
                self._troubles.met("Slack", SLACK_TROUBLE, reason=reason)
                return self._after_unknown(tally)
            case Limited(reason, seconds):
                self._mark.put_off(delivery, reason, seconds, tally)
                tally.limited += 1
                return Next.END
            case Unreachable(reason):
                new = self._troubles.met("Slack", SLACK_TROUBLE, reason=reason)
                wait = self._settings.unreachable_s if new else self._settings.trouble_s
                self._mark.put_off(delivery, reason, wait, tally)
                return Next.END
            case Uninstalled(reason):
                self._mark.stopped(delivery, reason)
                return Next.END
        return Next.GO

    def _after_unknown(self, tally: Tally) -> Next:
        """In trouble, one message at a time tries whether it is over."""
        if self._unknown_in_a_row < TROUBLE:
            return Next.GO
        self._mark.hold(self._settings.trouble_s, tally)
        return Next.END

    def _after_refusal(self, reason: str) -> Next:
        self._refused_in_a_row += reason not in posting.PERSONAL_ERRORS
        if self._refused_in_a_row < ALL_REFUSED:
            return Next.GO
        self._refused_in_a_row = 0
        self._mark.stop(reason)
        return Next.END
