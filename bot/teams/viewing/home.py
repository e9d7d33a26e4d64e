"""Summaries on the Home tab: a button for whoever manages a team, a choice for HR, never a figure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.blocks import Block, actions, button, context, divider, escape, header, section
from bot.edge import ref
from bot.teams.rights import Right, hr_season, own_right
from bot.teams.summary import called
from bot.teams.viewing.views import WRITTEN_DOWN, messages_choice, opener
from storage.database import Session
from storage.tables import Person

NONE_YET = (
    "There is no summary for you to open now. If the policy lets whoever manages a team see its summary, you can open "
    "yours from the first weekly release after you took the team on, and after you have left the summaries where you "
    "counted in it."
)
FOR_HR = (
    "*Summaries of teams that have teams below them, and of the whole company*\nOne at a time; those of single teams "
    "are not HR's to open."
)


@dataclass(frozen=True)
class Openable:
    """What somebody may open: `own` as whoever manages a team; `as_hr`: whether HR's are theirs to choose from."""

    own: Right | None
    as_hr: bool


def openable(session: Session, person: Person, viewers: Collection[str], *, is_hr: bool) -> Openable:
    """What this person may open; `viewers` are those of the policy in force."""
    own = own_right(session, person.id, viewers) if person.is_manager else None
    return Openable(own, is_hr and hr_season(session, viewers) is not None)


def home_section(person: Person, may_open: Openable) -> list[Block]:
    """The section of whoever manages a team; none for anybody else."""
    if not person.is_manager:
        return []
    above = [divider(), header("Your team's summary")]
    if may_open.own is None:
        return [*above, section(NONE_YET)]
    name = escape(called(may_open.own.path))
    text = f"*{name}*\nAn average of what people chose to report, week by week. Not a measure of performance."
    return [*above, section(text, opener(person.id, may_open.own)), context(WRITTEN_DOWN), messages_choice(person)]


def hr_section(person_id: str, may_open: Openable, more: Sequence[Block] = ()) -> list[Block]:
    """HR's part, in a policy that gives it one; `more` are buttons about the company as a whole."""
    if not may_open.as_hr:
        return []
    choose = button("Choose a summary", "summary.choose", ref(person_id))
    return [section(FOR_HR), context(WRITTEN_DOWN), actions(choose, *more)]
