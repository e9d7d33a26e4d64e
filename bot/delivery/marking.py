"""What became of a message, written down: one transaction and one line of the log each."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from bot.delivery.messages import DeliverySettings, Tally
from bot.delivery.posting import Sent
from storage import deliveries, pace
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
        tally.sent += mine
        self._say(delivery, "sent", mine)

    def failed(self, delivery: Delivery, reason: str, tally: Tally) -> None:
        """It ends here."""
        with self._sessions.begin() as session:
            mine = deliveries.mark_failed(session, delivery, self._clock(), reason)
        tally.failed += mine
        self._say(delivery, "failed", mine, reason)

    def unknown(self, delivery: Delivery, reason: str, tally: Tally) -> None:
        """Nobody can say; to be looked up once what Slack accepts late must have become visible."""
        look_up_at = self._clock() + self._settings.settle
        with self._sessions.begin() as session:
            mine = deliveries.mark_unknown(session, delivery, reason=reason, not_before=look_up_at)
        tally.unknown += mine
        self._say(delivery, "unknown", mine, reason)

    def refused(self, delivery: Delivery, reason: str, tally: Tally, wait: timedelta = timedelta(0)) -> None:
        """Surely not sent: to be tried again after `wait` and the backoff, unless this was the last try."""
        with self._sessions.begin() as session:
            self.refuse(session, delivery, reason, tally, wait)

    def refuse(
        self,
        session: Session,
        delivery: Delivery,
        reason: str,
        tally: Tally,
        wait: timedelta = timedelta(0),
    ) -> None:
        """As `refused`, inside the caller's transaction."""
        now = self._clock()
        most, again = self._settings.max_refusals, now + wait + self._settings.backoff(delivery.attempts + 1)
        mine = deliveries.mark_refused(session, delivery, now, reason=reason, not_before=again, most=most)
        last = delivery.attempts + 1 >= most
        tally.failed += mine and last
        tally.refused += mine and not last
        self._say(delivery, "failed" if last else "refused", mine, reason)

    def limited(self, delivery: Delivery, reason: str, seconds: float, tally: Tally) -> None:
        """Slack asked everybody to wait: no worker posts before then."""
        with self._sessions.begin() as session:
            self.refuse(session, delivery, reason, tally, timedelta(seconds=seconds))
            tally.resume_at = pace.block(session, self._workspace_id, self._clock(), seconds)

    def stopped(self, delivery: Delivery, reason: str) -> None:
        """The token is no good: nothing is sent any more, and nothing is lost."""
        with self._sessions.begin() as session:
            deliveries.release(session, delivery)
            pace.stop(session, self._workspace_id, self._clock(), reason)
        log.error("sending has stopped: Slack no longer accepts the bot's token", reason=reason)

    def release(self, rows: Iterable[Delivery]) -> None:
        """Give back what was claimed and not posted."""
        with self._sessions.begin() as session:
            for delivery in rows:
                deliveries.release(session, delivery)

    def _say(self, delivery: Delivery, outcome: str, mine: bool, reason: str | None = None) -> None:
        if mine:
            level = log.info if outcome == "sent" else log.warning
            level("delivery", delivery=delivery.id, outcome=outcome, **({"reason": reason} if reason else {}))
        else:
            log.warning("another worker had taken the delivery over", delivery=delivery.id, outcome=outcome)
