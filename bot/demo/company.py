"""The sample company's past, brought in through the product's own doors: sync, directory, opt-ins, files, check-ins."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from slack_sdk import WebClient

from bot.app import Services
from bot.checkin.report import report
from bot.consent.opt_in import Choice, opt_in
from bot.demo.pulses import hold_first
from bot.demo.seasons import count_as_told, release_past
from bot.people.directory import import_directory, members_by_email
from bot.people.roster import sync
from bot.sandbox.company import COMPANY
from bot.sandbox.company_checkins import Report as CheckIn
from bot.sandbox.workspace import Workspace
from bot.usage.importing import import_usage
from bot.weeks import WEEK, monday
from storage import checkins, consents, people, policies
from storage.checkins import Report
from storage.database import reading

WEEKS = 12
NEWS = "ai-policy"
Say = Callable[[str], None]


def populate(workspace: Workspace) -> None:
    """Put the company's accounts and channels into the workspace."""
    for person in COMPANY.people:
        workspace.add_user(**person.account())
    for channel in COMPANY.channels:
        workspace.add_channel(id=channel.id, name=channel.name, has_bot=channel.name in ("general", NEWS))
    for group in COMPANY.usergroups:
        workspace.add_usergroup(id=group.id, handle=group.handle, users=group.users)


def hr() -> frozenset[str]:
    """The Slack id of the user group of the company's HR."""
    return frozenset(group.id for group in COMPANY.usergroups if group.handle == "hr")


def news() -> str:
    """The Slack id of the channel that hears of new versions of the policy."""
    return next(channel.id for channel in COMPANY.channels if channel.name == NEWS)


def bring_in(services: Services, client: WebClient, this_monday: date, say: Say) -> None:
    """Twelve weeks of history up to `this_monday`, as the product itself would have gathered it."""
    sync(services.sessions, client, workspace_id=services.workspace_id, now=services.clock())
    members = members_by_email(client, workspace_id=services.workspace_id)
    import_directory(services.sessions, io.BytesIO(COMPANY.directory_csv()), members, now=services.clock(), apply=True)
    teams = {person.team for person in COMPANY.employees if " / " in person.team}
    say(f"{len(COMPANY.employees)} people in {len(teams)} teams")
    first_monday = this_monday - WEEKS * WEEK
    _opt_everybody_in(services, first_monday)
    say(f"{len(COMPANY.optins())} of them opted in")
    hold_first(services, first_monday)
    say("a pulse that everybody was asked, with its results")
    import_files(services, this_monday - timedelta(days=1), WEEKS, services.clock())
    _report(services, this_monday)
    say(f"{WEEKS} weeks of usage and check-ins")
    made = release_past(services, first_monday)
    count_as_told(services)
    say(f"{len(made)} weekly releases of team summaries")


def import_files(services: Services, until: date, weeks: int, now: datetime) -> None:
    """Import every tool's file of the week that holds `until`, up to that day, and of the weeks before it."""
    for source, content in COMPANY.usage_files(monday(until), weeks, until=until).items():
        logins = io.BytesIO(COMPANY.logins_csv()) if source == "copilot" else None
        import_usage(services.sessions, io.BytesIO(content), source, now=now, logins=logins)


def _opt_everybody_in(services: Services, first_monday: date) -> None:
    emails = {person.id: person.email for person in COMPANY.employees}
    with services.sessions.begin() as session:
        policy = policies.newest(session)
        roster = people.among(session, list(emails))
    assert policy is not None
    for choice in COMPANY.optins():
        when = _noon(first_monday + choice.week * WEEK)
        answer = Choice(choice.tools, choice.figures_in_dm, emails[choice.person_id])
        opt_in(services.sessions, roster[choice.person_id], answer, policy, when)


def _report(services: Services, this_monday: date) -> None:
    for entry in COMPANY.check_ins(this_monday - WEEK, WEEKS):
        _check_in(services, entry, _noon(entry.week + timedelta(days=8)))


def check_in_all(services: Services, week: date, now: datetime, played: str | None) -> None:
    """What the company's people report of this week, but for the one who is `played`: they report for themselves.

    Nobody's own check-in is touched, and whoever has opted out reports nothing.
    """
    for entry in COMPANY.check_ins_of(week):
        if entry.person_id != played and _may_still(services, entry):
            _check_in(services, entry, now)


def _may_still(services: Services, entry: CheckIn) -> bool:
    with reading(services.sessions) as session:
        opted_in = consents.get(session, entry.person_id) is not None
        return opted_in and not checkins.is_reported(session, entry.person_id, entry.week)


def _check_in(services: Services, entry: CheckIn, when: datetime) -> None:
    report(services.sessions, Report(**entry._asdict(), reported_at=when), when)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
