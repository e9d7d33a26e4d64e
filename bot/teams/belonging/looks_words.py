"""Who looked, in plain words: one sentence for each entry of the ledger."""

from collections.abc import Iterator

from bot.blocks import escape
from bot.ledger.chain import BY_ITSELF, COMMAND, COMMAND_LINE, EXPORTED, OPENED, POLICY, RELEASE, RETENTION, SEASON
from bot.ledger.reading import Look, Page
from bot.policy.publishing.words import date_words
from bot.teams.summary import called
from bot.weeks import zone

WHAT_IT_IS = (
    "*Whoever opens a team summary or takes it away is written down, before it is shown.* Here is every such entry "
    "about a summary that you are or were part of, and what was done that concerns everybody, newest first. Nothing "
    "that people reported is in it, and nobody who counts is named."
)
NOTHING = "Nothing has been written down yet."
_DONE = {OPENED: "opened", EXPORTED: "downloaded"}
_SAID = {
    POLICY: "{who} published the policy ({about})",
    RELEASE: "{who} worked out the summaries of a week ({about})",
    SEASON: "{who} settled who counts ({about})",
    COMMAND: "{who} used a command ({about})",
    RETENTION: "{who} deleted what was too old to be kept ({about})",
}
_NOBODY = {
    BY_ITSELF: "Candor, by itself,",
    COMMAND_LINE: "Whoever runs Candor",
    "first start": "Whoever runs Candor, at the first start,",
}


def kept(weeks: int | None) -> str:
    """For how long entries are kept, and what makes a change show."""
    chained = (
        "Each entry carries a mark of the one before it. Where the company has a policy channel, the newest mark is "
        "posted there every week, so that a list which was changed afterwards shows."
    )
    return f"{chained} Entries are kept for {weeks} weeks." if weeks else chained


def lines(page: Page, tz: str) -> Iterator[str]:
    """One line for each entry; the day is that of a person in this zone."""
    for look in page.looks:
        day = date_words(look.at.astimezone(zone(tz)))
        yield f"• {_sentence(look)} on {day}."


def _sentence(look: Look) -> str:
    if look.path is not None:
        return f"{_official(look, called(look.path))} {_DONE[look.what]} {_summary(look)}"
    who, about = _who(look.who), escape(look.about)
    said = _SAID.get(look.what)
    return said.format(who=who, about=about) if said else f"{who}: {escape(look.what)}, {about}"


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
    return "the summary of the whole company" if look.about == called("") else escape(look.about)


def _who(who: str) -> str:
    return _NOBODY.get(who) or f"<@{escape(who)}>"
