"""Who looked, in plain words: one sentence for each entry of the ledger."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from bot.blocks import escape
from bot.ledger.chain import (
    BY_ITSELF,
    COMMAND,
    COMMAND_LINE,
    EXPORTED,
    FIRST_START,
    OPENED,
    POLICY,
    RELEASE,
    RETENTION,
    SEASON,
)
from bot.ledger.commands import COMMANDS
from bot.ledger.reading import Look, Page
from bot.policy.publishing.words import date_words
from bot.teams.summary import COMPANY_WORDS, called
from bot.weeks import week_words, zone

WHO_IS = (
    "*Every manager, leader or person of HR who opens or takes away a team summary is written down before they see "
    "it.* Whoever counts in it may open it too; that is not written down."
)
OF_YOURS = (
    "Here is every such entry about a summary that you are or were part of, and what was done that concerns everybody, "
    "newest first."
)
OF_NONE = "You count in no summary that Candor knows of, so here is what concerns everybody, newest first."
NO_FIGURES = "Nothing that people reported is in it, and nobody who counts is named."
NOTHING = "Nothing has been written down yet."
_DONE = {OPENED: "opened", EXPORTED: "downloaded"}
_SAID = {
    POLICY: "{who} published the policy ({about})",
    RELEASE: "Candor published the summaries of {about}",
    SEASON: "{who} settled who counts ({about})",
    COMMAND: "{who} used the command “{about}”",
    RETENTION: "{who} deleted what was too old to be kept ({about})",
}
# As `bot.teams.releasing.entry_of` writes it.
_RELEASED = re.compile(r"the week from (\d{4}-\d\d-\d\d), fingerprint ([0-9a-f]{12})[0-9a-f]*")
_NOBODY = {
    BY_ITSELF: "Candor, by itself,",
    COMMAND_LINE: "Whoever runs Candor",
    FIRST_START: "Whoever runs Candor, at the first start,",
}


def what_it_is(*, counts: bool) -> str:
    """What is shown here; `counts`: to somebody of whom Candor knows that they are or were part of summaries."""
    return f"{WHO_IS} {OF_YOURS if counts else OF_NONE} {NO_FIGURES}"


def kept(weeks: int | None) -> str:
    """For how long entries are kept, and what makes a change show."""
    chained = (
        "Each entry carries a mark of the one before it. Where the company has a policy channel, the newest mark is "
        "posted there every week, so that a list which was changed afterwards shows."
    )
    return f"{chained} Entries are kept for at least {weeks} weeks." if weeks else chained


def lines(page: Page, tz: str) -> Iterator[str]:
    """One line for each entry, for equal ones of a day that follow each other one for all; the day is that of a person
    in this zone."""
    entries = ((_sentence(look), _reason(look), date_words(look.at.astimezone(zone(tz)))) for look in page.looks)
    for (said, reason, day), equal in groupby(entries):
        times = len(list(equal))
        often = f" {times} times" if times > 1 else ""
        yield f"• {said}{often} on {day}{reason}."


def _sentence(look: Look) -> str:
    if look.path is not None:
        return f"{_official(look, called(look.path))} {_DONE[look.what]} {_summary(look)}"
    who, about = _who(look.who), _about(look)
    said = _SAID.get(look.what)
    return said.format(who=who, about=about) if said else f"{who}: {escape(look.what)}, {about}"


def _about(look: Look) -> str:
    if look.what == RELEASE and (found := _RELEASED.fullmatch(look.about)):
        return f"the week {week_words(date.fromisoformat(found[1]))} (fingerprint {found[2]}…)"
    return escape(look.about)


def _reason(look: Look) -> str:
    """Of a command, what it does."""
    if look.what != COMMAND:
        return ""
    known = [name for name in COMMANDS if re.match(rf"{name}(?=[ :]|$)", look.about)]
    return f": it {COMMANDS[max(known, key=len)].why}" if known else ""


def _official(look: Look, team: str) -> str:
    who, name = _who(look.who), escape(team)
    match look.role:
        case "hr":
            return f"HR ({who})"
        case "leaders":
            return f"{who}, leader of {name},"
        case _:
            return f"{who}, manager of {name},"


def _summary(look: Look) -> str:
    if look.path == look.about:
        return f"the {escape(called(look.about))} summary"
    return f"the summary of {COMPANY_WORDS}" if look.about == COMPANY_WORDS else escape(look.about)


def _who(who: str) -> str:
    return _NOBODY.get(who) or f"<@{escape(who)}>"
