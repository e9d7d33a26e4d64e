"""The demo's parts: a local workspace, the bot connected to it by Socket Mode, and the clock that moves both."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from slack_sdk import WebClient
from sqlalchemy import Engine, event

from bot.app import Services
from bot.delivery import Crew
from bot.demo.clock import DemoClock
from bot.demo.company import WEEKS, Say, bring_in, check_in_all, hr, import_files, news, populate
from bot.demo.pulses import answer_open
from bot.running import connect, make_crew, socket_handler
from bot.sandbox.company import COMPANY
from bot.sandbox.server import Sandbox
from bot.schedule import tick, tidy
from bot.settings import Settings
from bot.weeks import WEEK, at_local, local_day, monday
from storage import people

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# When everybody has checked in who does: on Friday of the week after, when it can still be corrected, 16:00 UTC.
CHECKED_IN = timedelta(days=11, hours=16)
KEYS = "pulse-keys"
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


class Stage:
    """Everything that runs in the demo. `advance_to` is the only way its time moves in steps."""

    def __init__(self, sandbox: Sandbox, services: Services, client: WebClient, clock: DemoClock) -> None:
        self.sandbox, self.services, self.client, self.clock = sandbox, services, client, clock
        self._outbox: Crew = make_crew(services, client, services.clock)
        self._moving = threading.Lock()
        # Of the week before the demo's, half is there already.
        self._next_week = datetime.combine(monday(clock().date()) - WEEK, time(0), UTC)

    def advance_to(self, moment: datetime, played: str | None = None) -> None:
        """Move the clock hour by hour, importing the tools' files at midnight UTC, and ticking.

        On Friday afternoon people check in, but for the one who is `played`.
        """
        with self._moving:
            while (now := self.clock()) < moment:
                step = min(moment, now.replace(minute=0, second=0, microsecond=0) + HOUR)
                if step.hour == 0 and step.minute == 0:
                    tidy(self.services, step)
                    import_files(self.services, step.date() - DAY, 1, step)
                self._check_in(step, played)
                self.clock.move_to(max(step, self.clock()))
                self._tick()
                if step == moment:
                    break

    def _check_in(self, now: datetime, played: str | None) -> None:
        while (week := self._next_week) + CHECKED_IN <= now:
            check_in_all(self.services, week.date(), now, played)
            self._next_week += WEEK

    def _tick(self) -> None:
        tick(self.services, self.client, self._outbox, self.clock())

    def tick_now(self) -> None:
        """One tick at the demo's present, unless the clock is being moved."""
        if self._moving.acquire(blocking=False):
            try:
                self._tick()
            finally:
                self._moving.release()

    def move(self, to: str, user_id: str) -> None:
        """What the page's clock buttons do: "next-monday-09" where `user_id` is, or "plus-hour"."""
        self.advance_to(self.next_monday(user_id) if to == "next-monday-09" else self.clock() + HOUR, user_id)

    def next_hour(self, user_id: str, hour: int) -> datetime:
        """The next time that it is this hour where the person is, in UTC."""
        tz = self._zone(user_id)
        today = local_day(self.clock(), tz)
        this = at_local(today, time(hour), tz)
        return this if this > self.clock() else at_local(today + DAY, time(hour), tz)

    def next_monday(self, user_id: str) -> datetime:
        """The next Monday 09:00 where the person is, in UTC."""
        tz = self._zone(user_id)
        this = at_local(monday(self.clock().date()), time(9), tz)
        return this if this > self.clock() else at_local(monday(self.clock().date()) + WEEK, time(9), tz)

    def _zone(self, user_id: str) -> str:
        with self.services.sessions.begin() as session:
            person = people.get(session, user_id)
        return person.tz if person else "UTC"


@contextmanager
def staged(folder: Path, today: date, say: Say, port: int = 0) -> Iterator[Stage]:
    """Set the stage in `folder` (an earlier demo's database and keys there are replaced) and strike it at the end.

    The demo begins on the Monday of this week at midnight UTC, runs through that day so that last week's digests have
    arrived and the pulse that is due has opened, and stops on Friday at 15:00.
    """
    start = datetime.combine(monday(today), time(0), UTC)
    # The policy took effect when the first people opted in.
    began = start - WEEKS * WEEK
    clock = DemoClock(began)
    stages: list[Stage] = []
    with Sandbox(MANIFEST, clock, port, on_clock=lambda to, user: stages[0].move(to, user)) as sandbox:
        populate(sandbox.workspace)
        services, client = connect(_settings(sandbox, folder, began.date()), clock)
        _wait_for_no_disk(services)
        clock.move_to(start)
        bring_in(services, client, start.date(), say)
        stage = Stage(sandbox, services, client, clock)
        stages.append(stage)
        handler = socket_handler(services, client)
        handler.client.connect()
        try:
            stage.advance_to(start + timedelta(days=1, hours=12))
            answer_open(services)
            stage.advance_to(start + timedelta(days=4, hours=15))
            yield stage
        finally:
            handler.client.close()


def _wait_for_no_disk(services: Services) -> None:
    """The demo's database is made anew each time: a press of the clock writes to it thousands of times."""
    engine: Engine = services.sessions.kw["bind"]
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    engine.dispose()


def _settings(sandbox: Sandbox, folder: Path, effective: date) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("candor.db*"), *folder.glob(f"{KEYS}/*.key")]:
        old.unlink()
    head = next(person for person in COMPANY.employees if person.is_hr)
    return Settings(
        _env_file=None,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_signing_secret=sandbox.signing_secret,
        slack_api_url=sandbox.api_url,
        database_url=f"sqlite:///{folder / 'candor.db'}",
        hr=hr(),
        channel=news(),
        contact=head.id,
        keys=folder / KEYS,
        policy=_policy(folder / "policy.md", effective),
    )


def _policy(path: Path, effective: date) -> Path:
    """The sample policy, taking effect on this day."""
    sample = Path(Settings.model_fields["policy"].default).read_text(encoding="utf-8")
    path.write_text(re.sub(r"^effective: .*$", f"effective: {effective}", sample, flags=re.M), encoding="utf-8")
    return path
