"""What became of a message, written down: one transaction and one line of the log each."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from bot.delivery.messages import DeliverySettings, Tally
from bot.delivery.posting import Sent
from storage import deliveries, pace, people
from storage.database import SessionFactory
from storage.tables import Delivery

log = structlog.get_logger("candor.delivery")


class Marker:
    """Marks deliveries of one workspace. A row that another worker took over meanwhile is left as it is."""

    def __init__(
        self,
        sessions: SessionFactory,
        clock: Callable[[], datetime],
        workspace_id: str,
        settings: DeliverySettings,
    ):
        self._sessions = sessions
        self._clock = clock
        self._workspace_id = workspace_id
        self._settings = settings
        self._failed: Counter[str] = Counter()

    def sent(self, delivery: Delivery, sent: Sent, holds_figures: bool, tally: Tally) -> None:
        """Slack has it."""
        with self._sessions.begin() as session:
            mine = deliveries.mark_sent(
                session,
                delivery,
                self._clock(),
                channel=sent.channel,
                ts=sent.ts,
                holds_figures=holds_figures,
            )
            counts = mine or self._late(session, delivery, sent, holds_figures)
        tally.sent += counts
        self._say(delivery, "sent", counts)

    def _late(self, session: Session, delivery: Delivery, sent: Sent, holds_figures: bool) -> bool:
        now, where = self._clock(), {"channel": sent.channel, "ts": sent.ts}
        return deliveries.mark_late(session, delivery, now, **where, holds_figures=holds_figures)

    def absent(self, delivery: Delivery, tally: Tally) -> None:
        """The history was read, and Slack does not have it: to be tried again, and looked for twice later."""
        now = self._clock()
        again, sweep_at = now + self._settings.backoff(delivery.attempts + 1), now + self._settings.sweep_after
        with self._sessions.begin() as session:
            mine = deliveries.mark_absent(session, delivery, not_before=again, sweep_at=sweep_at)
        tally.refused += mine
        self._say(delivery, "refused", mine, "not delivered")

    def failed(self, delivery: Delivery, reason: str, tally: Tally) -> None:
        """It ends here."""
        with self._sessions.begin() as session:
            mine = deliveries.mark_failed(session, delivery, self._clock(), reason)
        tally.failed += mine
        self._failed[reason] += mine
        self._say(delivery, "failed", mine, reason)

    def unknown(self, delivery: Delivery, reason: str, tally: Tally) -> None:
        """Nobody can say; to be looked up once what Slack accepts late must have become visible."""
        look_up_at = self._clock() + self._settings.settle
        with self._sessions.begin() as session:
            mine = deliveries.mark_unknown(session, delivery, reason=reason, not_before=look_up_at)
        tally.unknown += mine
        self._say(delivery, "unknown", mine, reason)

    def refuse(self, session: Session, delivery: Delivery, reason: str, tally: Tally, wait: timedelta) -> None:
        """Surely not sent: to be tried again after `wait` and the backoff, unless this was the last try."""
        now = self._clock()
        most, again = self._settings.max_refusals, now + wait + self._settings.backoff(delivery.attempts + 1)
        mine = deliveries.mark_refused(session, delivery, now, reason=reason, not_before=again, most=most)
        last = delivery.attempts + 1 >= most
        tally.failed += mine and last
        self._failed[reason] += mine and last
        tally.refused += mine and not last
        self._say(delivery, "failed" if last else "refused", mine, reason)

    def put_off(self, delivery: Delivery, reason: str, seconds: float, tally: Tally) -> None:
        """Surely not sent, and no other would be: no worker posts before that time is over."""
        until = self._clock() + timedelta(seconds=seconds)
        with self._sessions.begin() as session:
            mine = deliveries.postpone(session, delivery, until, reason)
            tally.resume_at = pace.block(session, self._workspace_id, self._clock(), seconds)
        tally.refused += mine
        self._say(delivery, "refused", mine, reason)

    def hold(self, seconds: float, tally: Tally) -> None:
        """Slack is in trouble: no worker posts for a while."""
        with self._sessions.begin() as session:
            tally.resume_at = pace.block(session, self._workspace_id, self._clock(), seconds)

    def unreadable(self, wait: float | None) -> None:
        """The history cannot be read; where Slack says for how long, nobody looks before that."""
        if wait is not None:
            with self._sessions.begin() as session:
                pace.block_lookups(session, self._workspace_id, self._clock(), wait)

    def stopped(self, delivery: Delivery, reason: str) -> None:
        """The installation is no good: nothing is sent any more, and nothing is lost."""
        with self._sessions.begin() as session:
            deliveries.release(session, delivery)
        self.stop(reason)

    def stop(self, reason: str) -> None:
        """Nothing is sent until an operator has mended it and started the bot again."""
        with self._sessions.begin() as session:
            newly = people.stop_workspace(session, reason, self._clock())
        if newly:
            log.error("sending has stopped: mend it (candor doctor), then start the bot again", reason=reason)

    def tell_failures(self) -> None:
        """One line for all that have ended as failed since the last one."""
        if failed := +self._failed:
            log.warning("messages have failed, see candor deliveries", failed=failed.total(), reasons=dict(failed))
        self._failed.clear()

    def release(self, rows: Iterable[Delivery]) -> None:
        """Give back what was claimed and not posted."""
        with self._sessions.begin() as session:
            for delivery in rows:
                deliveries.release(session, delivery)

    def _say(self, delivery: Delivery, outcome: str, mine: bool, reason: str | None = None) -> None:
        if mine:
            log.info("delivery", delivery=delivery.id, outcome=outcome, **({"reason": reason} if reason else {}))
        else:
            log.warning("another worker had taken the delivery over", delivery=delivery.id, outcome=outcome)
