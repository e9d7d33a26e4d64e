"""Halden Labs: the sample company of the demo. Fixed seed, invented people, no Slack, no SQL."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from bot.sandbox import company_exports as exports
from bot.sandbox import company_habits as habits
from bot.sandbox.company_checkins import Report, reports, reports_of
from bot.sandbox.company_exports import Use
from bot.sandbox.company_habits import Habit
from bot.sandbox.company_people import CompanyChannel, CompanyGroup, CompanyPerson, everyone

_LEFT_WEEKS_AGO = 6
# Of these, only who leads them or is HR opts in.
_RELUCTANT = ("Customers / Sales", "Operations / Finance", "Operations / People & Policy")
_OPTED_IN = 44


class OptIn(NamedTuple):
    """An opt-in to make in week `week` (0 is the oldest of the weeks)."""

    person_id: str
    tools: tuple[str, ...]
    figures_in_dm: bool
    week: int


class Company:
    """60 employees in 8 teams under 3 departments; a guest, a bot and a leaver besides.

    Weeks run from Monday to Sunday; `last_monday` is the Monday of the newest one.
    """

    name = "Halden Labs"
    channels = (
        CompanyChannel("C0GENERAL", "general"),
        CompanyChannel("C0AIPOLICY", "ai-policy"),
        CompanyChannel("C0ENGINEER", "engineering"),
        CompanyChannel("C0SUPPORT", "support"),
    )

    def __init__(self, people: Iterable[CompanyPerson]):
        self.people = tuple(people)
        self.employees = tuple(person for person in self.people if person.is_employee)
        hr = tuple(person.id for person in self.employees if person.is_hr)
        self.usergroups = (CompanyGroup("S0HLHR", "hr", hr),)
        self._habits = {person.id: habits.habit(person.id, person.name, person.team) for person in self._users()}

    def _users(self) -> Iterator[CompanyPerson]:
        """Whoever uses tools: the employees, and the leaver until they left."""
        return (person for person in self.people if not person.is_bot and not person.is_guest)

    def person(self, name: str) -> CompanyPerson:
        """The person of that full name; KeyError for nobody."""
        return {person.name: person for person in self.people}[name]

    def habit(self, person_id: str) -> Habit:
        """How the person works with tools, for tests and stories; KeyError for guests and bots."""
        return self._habits[person_id]

    # Files

    def directory_csv(self) -> bytes:
        """HR's directory: by email, or by Slack id for whoever has no address in Slack."""
        rows = [
            (person.email or "", "" if person.email else person.id, person.team, "yes" if person.is_manager else "no")
            for person in self.employees
        ]
        return _csv(("email", "slack_id", "team", "manager"), rows)

    def logins_csv(self) -> bytes:
        """GitHub logins by address from the identity provider, with one of them missing."""
        people = [person for person in self.employees if "copilot" in self._habits[person.id].tools]
        rows = [(person.login, person.address) for person in people if person.name != habits.WITHOUT_LOGIN]
        return _csv(("login", "email"), rows)

    def usage_files(self, last_monday: date, weeks: int = 12, *, until: date | None = None) -> dict[str, bytes]:
        """One file for each source, with everybody's usage, whether they consented or not.

        Copilot settles late: its file begins and ends two days earlier, so that the newest week lacks its
        Saturday and Sunday until the next week's file brings them.
        """
        span = [day for day in _span(last_monday, weeks) if until is None or day <= until]
        late = [day - timedelta(2) for day in span]
        return {
            "claude-code": exports.claude_code(self._uses("claude-code", span), span),
            "copilot": exports.copilot(self._uses("copilot", late)),
            "cursor": exports.cursor(self._uses("cursor", span), span),
            "csv": exports.chatgpt(self._uses("chatgpt", span)),
        }

    def _uses(self, tool: str, span: Sequence[date]) -> Iterator[Use]:
        left = span[-1] - timedelta(weeks=_LEFT_WEEKS_AGO)
        for number, person in enumerate(self._users()):
            of = self._habits[person.id]
            who = person.login if tool == "copilot" else person.address
            there = [day for day in span if day < left] if person.deleted else span
            if tool in of.tools:
                for day, level, chance in habits.days_of_use(person.id, of, tool, there):
                    yield Use(who, number, day, level, chance)

    # What people do

    @cached_property
    def _opt_ins(self) -> tuple[OptIn, ...]:
        willing = [person for person in self.employees if self._habits[person.id].tools and person.email]
        order = sorted((person for person in willing if not _is_reluctant(person)), key=_eagerness)
        return tuple(_opt_in(person, self._habits[person.id]) for person in order[:_OPTED_IN])

    def optins(self) -> list[OptIn]:
        """Who opts in, to what and when; in three teams nearly nobody does."""
        return list(self._opt_ins)

    def check_ins(self, last_monday: date, weeks: int = 12) -> list[Report]:
        """What those who opted in report, from the week of their opt-in on; the newest week is half reported."""
        teams = {person.id: person.team for person in self.employees}
        return [
            report
            for one in self._opt_ins
            for report in reports(
                one.person_id, self._habits[one.person_id], teams[one.person_id], one.week, last_monday, weeks
            )
        ]

    def check_ins_of(self, week: date) -> list[Report]:
        """All that they report of the week of this Monday, once it can no longer be corrected."""
        teams = {person.id: person.team for person in self.employees}
        return [
            report
            for one in self._opt_ins
            for report in reports_of(one.person_id, self._habits[one.person_id], teams[one.person_id], week)
        ]


def _span(last_monday: date, weeks: int) -> list[date]:
    first = last_monday - timedelta(weeks=weeks - 1)
    return [first + timedelta(day) for day in range(weeks * 7)]


def _is_reluctant(person: CompanyPerson) -> bool:
    return person.team in _RELUCTANT and not (person.is_manager or person.is_hr)


def _eagerness(person: CompanyPerson) -> tuple[bool, float]:
    """The people with a story come first, the rest in an order of chance."""
    return person.name not in habits.STORIES, habits.rng("eager", person.id).random()


def _opt_in(person: CompanyPerson, of: Habit) -> OptIn:
    chance = habits.rng("opt-in", person.id)
    tools = of.tools[1:] if len(of.tools) > 2 and chance.random() < 0.25 else of.tools
    week = 0 if chance.random() < 0.6 else chance.randrange(1, 9)
    return OptIn(person.id, tools, chance.random() > 0.15, week)


def _csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def load() -> Company:
    """The company; the same on every machine and in every run."""
    return Company(everyone())


COMPANY = load()
