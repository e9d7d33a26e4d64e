"""Which summaries somebody counts in, those summaries, and who looked: as Block Kit."""

from datetime import date

from bot.blocks import (
    OPTION_LIMIT,
    Block,
    View,
    actions,
    button,
    choice,
    context,
    divider,
    modal,
    notice,
    plain,
    section,
)
from bot.edge import ref
from bot.ledger.reading import Page
from bot.teams.belonging import looks_words, words
from bot.teams.belonging.membership import Membership
from bot.teams.blocks import summary_in_modal
from bot.teams.summary import Summary, called

_LEAVE = {
    "title": plain("Leave the summaries"),
    "text": plain(words.LEAVING),
    "confirm": plain("Leave them"),
    "deny": plain("Stay"),
}
_NEVER = {
    "title": plain("Never count me"),
    "text": plain(words.NEVER),
    "confirm": plain("Never count me"),
    "deny": plain("Cancel"),
}


def open_button(person_id: str) -> Block:
    """Opens the summaries that the person counts in."""
    return button(words.OPEN, "belonging.open", ref(person_id))


def looked_button(person_id: str) -> Block:
    """Opens who looked; for everybody, opted in or not."""
    return button("Who looked", "belonging.looked", ref(person_id))


def home_section(person_id: str, mine: Membership, today: date, *, in_office: bool) -> list[Block]:
    """The section of somebody who opted in; `today` is the UTC day, `in_office`: they manage a team or belong to HR."""
    opener = [open_button(person_id)] if mine.may_look else []
    buttons = [*opener, looked_button(person_id), *_switch(person_id, mine, in_office=in_office)]
    return [section(f"*Team summaries*\n{words.in_home(mine, today, in_office=in_office)}"), actions(*buttons)]


def _switch(person_id: str, mine: Membership, *, in_office: bool) -> list[Block]:
    if mine.counts:
        return [button("Leave the summaries", "belonging.leave", ref(person_id), confirm=_LEAVE)]
    if in_office:
        return []
    if mine.wants:
        return [button("Never count me", "belonging.leave", ref(person_id), confirm=_NEVER)]
    return [button("Count me again from the next season", "belonging.again", ref(person_id))]


def summary_view(person_id: str, mine: Membership, summary: Summary) -> View:
    """One summary, as whoever may open it sees it, with a menu of the others that the person counts in."""
    others = [actions(_menu(mine, summary.team))] if len(mine.offered) > 1 else []
    blocks = [context(words.AS_THEY_SEE_IT), *others, divider(), *summary_in_modal(summary)]
    return modal("belonging.closed", "Team summaries", blocks, metadata=ref(person_id))


def _menu(mine: Membership, team: int) -> Block:
    pairs = [(str(each.number), _shortened(called(each.path))) for each in mine.offered]
    return choice("static_select", pairs, str(team)) | {"action_id": "belonging.choose"}


def _shortened(name: str) -> str:
    return name if len(name) <= OPTION_LIMIT else f"{name[: OPTION_LIMIT - 1]}…"


def nothing_view(said: str) -> View:
    """In place of the summaries, for who counts in none."""
    return notice("Team summaries", said)


def has_left() -> View:
    return notice("Team summaries", *words.HAS_LEFT)


def comes_back() -> View:
    return notice("Team summaries", words.COMES_BACK)


def looked_view(person_id: str, page: Page, tz: str, kept: int | None) -> View:
    """Who looked, newest first; `kept` is for how many weeks entries are kept."""
    entries = [section(line) for line in looks_words.lines(page, tz)] or [section(looks_words.NOTHING)]
    turns = []
    if not page.newest:
        turns.append(button("Newest entries", "belonging.looked.newest", ref(person_id)))
    if page.older is not None:
        turns.append(button("Older entries", "belonging.looked.older", ref(person_id, str(page.older))))
    blocks = [
        section(looks_words.what_it_is(counts=page.counts)),
        context(looks_words.kept(kept)),
        divider(),
        *entries,
        *([actions(*turns)] if turns else []),
    ]
    return modal("belonging.closed", "Who looked", blocks, metadata=ref(person_id))
