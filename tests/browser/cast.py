"""Who plays which part. All tests share one stage, so each test has persons of its own.

The clock is moved once, for the person farthest west: whoever else has a part has then got the message of the same
week, whether a test runs before or after.
"""

from datetime import date

from bot.sandbox.company import COMPANY
from bot.sandbox.company_people import CompanyPerson

TODAY = date(2026, 11, 20)
_JOINED = {choice.person_id: choice for choice in COMPANY.optins()}
_REPORTED = {entry.person_id for entry in COMPANY.check_ins(date(2026, 11, 9)) if entry.week == date(2026, 11, 9)}


def _newcomer(name: str) -> CompanyPerson:
    """Somebody who can opt in and has not."""
    person = COMPANY.person(name)
    assert person.id not in _JOINED and person.email and COMPANY.habit(person.id).tools, name
    return person


def _regular(name: str, *, sealed: bool = False) -> CompanyPerson:
    """Somebody who opted in long ago and has yet to report the newest week; `sealed` keeps figures out of messages."""
    person = COMPANY.person(name)
    assert person.id not in _REPORTED and _JOINED[person.id].figures_in_dm != sealed, name
    return person


READER = _newcomer("Vikram Bhatnagar")
TYPIST = _newcomer("Stefan Hölzl")
CHANNEL_READER = _newcomer("Juliette Desroches")
FARTHEST_WEST = _newcomer("Ethan Brightwater")
OUTSIDER = _newcomer("Valentina Orsolini")
VOTER = COMPANY.person("Renata Kowalczyk")
LEADER = COMPANY.person("Shreya Kulkarni")
GUEST = next(person for person in COMPANY.people if person.is_guest)
# Who manages a team whose summary is shown, and two people who count in summaries.
MANAGER = COMPANY.person("Tobias Kerner")
COLLEAGUE = COMPANY.person("Mateus Vasconcelos")
QUITTER = COMPANY.person("Terrence Oakhurst")
HR, SECOND_HR = (person for person in COMPANY.employees if person.is_hr)

REPORTER = _regular("Chiara Bellandi")
WRITER = _regular("Fatima Zahraoui")
SEALED = _regular("Isla Macquarrie", sealed=True)
COLLECTOR = _regular("Beatriz Fontoura")
LEAVER = _regular("Pieter van Aldenhof")
COMMANDER = _regular("Lukas Brandhuber")
PLANNER = _regular("Ravi Subramaniam")
ASKER = _regular("Kenji Morisawa")
NEIGHBOURS = (_regular("Anselm Richter"), _regular("Ananya Chatterjee"))
