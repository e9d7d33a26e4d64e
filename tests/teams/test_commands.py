"""`candor teams` as an operator types it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.operators.restoring import make_safe
from bot.policy.versions import ensure_published
from bot.sandbox.server import Sandbox
from bot.teams.calendar import cut_off, due_week
from bot.teams.releasing import release_due
from bot.teams.verifying import verify
from bot.weeks import WEEK, monday, week_words
from storage import ledger, people, releases, seasons
from storage.database import Session, SessionFactory, reading
from storage.tables import Release, ReleaseCell, SeasonTeam
from tests.candor import MANIFEST, Clock
from tests.policy.drafts import SAMPLE
from tests.shell import shell_env
from tests.teams.world import counting, published, regular, staff

PAYMENTS = [f"U1{number}" for number in range(6)]
# The commands take the time from the machine.
NOW = datetime.now(UTC).replace(microsecond=0)
Typed = Callable[..., Result]


@pytest.fixture
def clock() -> Clock:
    """Slack's."""
    return Clock(NOW)


@pytest.fixture
def slack(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(MANIFEST, lambda: clock() + (datetime.now(UTC) - NOW)) as sandbox:
        yield sandbox


@pytest.fixture
def typed(sessions: SessionFactory, slack: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.chdir(tmp_path)
    reached = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": slack.bot_token}
    env = shell_env(sessions.kw["bind"], CANDOR_HR="U0HR,U15") | reached
    return lambda *words, **more: CliRunner().invoke(app, ["teams", *words], env=env | more)


@pytest.fixture
def week(sessions: SessionFactory) -> date:
    """The week that is due now, of a company with a team that has reported every week."""
    with sessions.begin() as session:
        people.ensure_workspace(session, "T0HALDEN", "Halden Labs")
    began = due_week(NOW) - 5 * WEEK
    ensure_published(sessions, SAMPLE, datetime.combine(began, datetime.min.time(), UTC))
    staff(sessions, {"Payments": [*PAYMENTS, "U16"]})
    regular(sessions, [*PAYMENTS, "U16"], due_week(NOW))
    return due_week(NOW)


def refusal(result: Result) -> str:
    assert result.exit_code == 1 and result.exception is not None, result.output
    return str(result.exception)


def test_release_makes_the_release_that_the_bot_makes_and_says_what_it_holds_without_figures(
    sessions: SessionFactory, week: date, typed: Typed
) -> None:
    done = typed("release")
    assert done.exit_code == 0, done.output
    with reading(sessions) as session:
        made = releases.newest(session)
    assert made is not None and made.week == week
    assert done.output.splitlines() == [
        f"Released: the week {week_words(week)} {week.year}; 2 of 2 summaries are shown.",
        f"Hash: {made.hash}",
    ]
    assert set(counting(sessions)) == {*PAYMENTS, "U16"} - {"U15"}


def test_the_command_and_the_job_give_the_same_bytes(sessions: SessionFactory, week: date, typed: Typed) -> None:
    typed("release")
    by_hand = published(sessions)
    with sessions.begin() as session:
        for table in ("summary_viewer", "release_cell", "release", "cohort", "season_team", "season"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    assert release_due(sessions, NOW, {"U0HR", "U15"}) is not None
    by_itself = published(sessions)
    # All but the moment at which it was made.
    assert by_itself["release_cell"] == by_hand["release_cell"]
    assert [(row[0], *row[3:]) for row in by_itself["release"]] == [(row[0], *row[3:]) for row in by_hand["release"]]


def test_when_nothing_is_due_it_says_why_and_when_the_next_one_comes(
    sessions: SessionFactory, week: date, typed: Typed
) -> None:
    typed("release")
    before = published(sessions)
    again = typed("release")
    assert again.exit_code == 0
    assert again.output.startswith("Nothing is due. The week that began on ")
    assert f"The next release comes on {week + 3 * WEEK} 12:00:00 UTC." in again.output
    assert published(sessions) == before
    with reading(sessions) as session:
        assert [entry.about for entry in ledger.entries(session)].count("teams release") == 1


def test_while_slack_does_not_say_who_is_hr_nothing_is_released(
    sessions: SessionFactory, week: date, typed: Typed
) -> None:
    said = refusal(typed("release", CANDOR_HR="S0HR"))
    assert "Slack does not say who is in HR's user group" in said and "nothing was released" in said
    assert (counting(sessions), published(sessions)) == ({}, {"release": [], "release_cell": []})


@pytest.mark.parametrize(
    ("ahead", "said"),
    [(timedelta(days=7), "this machine's clock is 7 days ahead of that of Slack"), (-timedelta(minutes=2), "behind")],
    ids=["ahead", "behind"],
)
def test_by_a_clock_that_is_set_wrong_nothing_is_released(
    sessions: SessionFactory, week: date, typed: Typed, clock: Clock, ahead: timedelta, said: str
) -> None:
    """Else one that is ahead would freeze a week that people still report, or open a season before its time."""
    clock.now = NOW - ahead
    refused = refusal(typed("release"))
    assert refused.startswith("Nothing was released: ") and said in refused
    assert (counting(sessions), published(sessions)) == ({}, {"release": [], "release_cell": []})
    clock.now = NOW
    assert typed("release").exit_code == 0


def test_while_slack_does_not_say_what_time_it_is_nothing_is_released(
    sessions: SessionFactory, week: date, typed: Typed
) -> None:
    refused = refusal(typed("release", SLACK_API_URL="http://127.0.0.1:9/api/"))
    assert "Slack has not yet said what time it is" in refused
    assert published(sessions) == {"release": [], "release_cell": []}


def test_the_week_that_was_due_when_a_backup_was_put_back_is_never_released(
    sessions: SessionFactory, week: date, typed: Typed
) -> None:
    """Its release after the backup is lost: made again it might hold other people."""
    make_safe(sessions, NOW)
    said = typed("release").output
    assert said.startswith("Nothing is due. A backup was put in the place of the database when this week was due")
    assert f"The next release comes on {week + 3 * WEEK} 12:00:00 UTC." in said
    for late in (NOW, cut_off(week + WEEK) - timedelta(seconds=1)):
        assert release_due(sessions, late, ()) is None
    made = release_due(sessions, cut_off(week + WEEK), ())
    assert made is not None and made.week == week + WEEK


def test_verify_says_that_all_releases_are_as_they_were_published(
    sessions: SessionFactory, week: date, typed: Typed
) -> None:
    assert typed("verify").output == "Nothing has been released yet.\n"
    typed("release")
    assert typed("verify").output == "1 release is as published.\n"


def _figure(session: Session) -> None:
    session.connection().execute(update(ReleaseCell).values(saved=5))


def _gone(session: Session) -> None:
    session.delete(session.get_one(ReleaseCell, (releases.every(session)[0].week, seasons.COMPANY)))


def _elsewhere(session: Session) -> None:
    session.get_one(SeasonTeam, (1, 1)).path = "Sales"


def _usage(session: Session) -> None:
    session.connection().execute(update(Release).values(usage=9))


def _hash(session: Session) -> None:
    session.connection().execute(update(Release).values(hash="0" * 64))


def _with_its_hash(session: Session) -> None:
    """Whoever knows how the hash is made writes the one of the changed release: the ledger has the other one."""
    _usage(session)
    session.flush()
    found = list(verify(session))
    session.connection().execute(update(Release).values(hash=found[0].found))


CHANGES = [_figure, _gone, _elsewhere, _usage, _hash, _with_its_hash]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__[1:])
def test_verify_finds_what_was_changed_by_hand(
    sessions: SessionFactory, week: date, typed: Typed, change: Callable[[Session], None]
) -> None:
    typed("release")
    with sessions.begin() as session:
        change(session)
    result = typed("verify")
    assert refusal(result) == "of 1 checked, 1 release is not as published: restore a backup."
    assert f"changed: the week {week_words(week)} {week.year}" in result.output


def test_verify_misses_a_release_that_the_ledger_names(sessions: SessionFactory, week: date, typed: Typed) -> None:
    typed("release")
    with sessions.begin() as session:
        for table in ("release_cell", "release"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    result = typed("verify")
    assert f"missing: the week from {week}, fingerprint " in result.output
    assert refusal(result) == "the ledger names 1 release that is missing: restore a backup."


def test_a_season_that_has_not_begun_is_said_with_its_first_release(sessions: SessionFactory, typed: Typed) -> None:
    ensure_published(sessions, SAMPLE, NOW)
    first = monday(NOW.date()) + 6 * WEEK
    said = typed("release").output
    assert said == (
        "Nothing is due. The first season's first week cannot be released yet.\n"
        f"The next release comes on {first} 12:00:00 UTC.\n"
    )
