"""The weekly message, the summary that it turns into, the Home tab opened on one, and what HR chooses from."""

from collections.abc import Sequence
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
    escape,
    input_block,
    modal,
    mrkdwn,
    plain,
    section,
    text_input,
)
from bot.delivery import Message
from bot.edge import ref
from bot.policy.publishing.spoken import spoken
from bot.teams.blocks import summary_blocks, summary_page
from bot.teams.rights import Right
from bot.teams.summary import Summary, called, path_words
from bot.teams.viewing.target import Target
from bot.teams.words import NOT_A_MEASURE, PUBLISHED, WAS_WRITTEN_DOWN, says_anything, title
from bot.weeks import week_words
from storage.tables import Person
from storage.viewing import Upper

# Whoever opens one is told before they do.
WRITTEN_DOWN = (
    "Opening it is written into the ledger: that you did, and when. Everybody who counts in it can read that there."
)
STOPPED = (
    "You get no more messages that the summary of your team is there. To get them again, open Candor's Home tab and "
    "press “Tell me about the summary again”. The summary itself stays there too."
)
AGAIN = "From the next weekly release on you are told again when there is a summary of your team to open."
# Not "the weekly message": that is the digest.
_STOP_WORDS, _AGAIN_WORDS = "Stop telling me about the summary", "Tell me about the summary again"
# The message may be older than what it turns into.
NEWEST = "This is the newest week there was when you opened it, though the message may have come for an earlier one."
_STOP: Block = {
    "title": plain("No more messages"),
    "text": mrkdwn("You are not told any more that the summary is there. You can still open it in Candor's Home tab."),
    "confirm": plain("Stop telling me"),
    "deny": plain("Keep telling me"),
}
_AGAIN: Block = {
    "title": plain("Messages again"),
    "text": mrkdwn("Once a week you are told in private when there is a summary to open."),
    "confirm": plain("Tell me again"),
    "deny": plain("Cancel"),
}


def message(right: Right, week: date, person: Person) -> Message:
    """The weekly message: that there is a summary, and nothing of what it says."""
    name = escape(called(right.path))
    blocks = [
        section(f"*The summary of {name} for the week of {week_words(week)} is there*"),
        section(NOT_A_MEASURE),
        context(PUBLISHED, WRITTEN_DOWN),
        actions(_open("summary.open", person.id, right), _stop(person.id)),
    ]
    return Message(spoken(blocks), blocks)


def opened(summary: Summary, target: Target, user: str) -> Message:
    """The same message once it was opened."""
    blocks = [
        *summary_blocks(summary),
        context(*([NEWEST] if says_anything(summary) else []), WAS_WRITTEN_DOWN),
        actions(_download(user, target), _stop(user)),
    ]
    # Headers are not among what is read out.
    return Message(spoken([section(escape(title(summary))), *blocks]), blocks)


def page(summary: Summary, target: Target, user: str) -> View:
    """The Home tab opened on a summary; the next time it is opened, it is closed again."""
    back = button("Back to Home", "summary.close", ref(user))
    blocks = [
        *summary_page(summary),
        context(f"{WAS_WRITTEN_DOWN} It is closed again when you next open this tab."),
        actions(back, _download(user, target)),
    ]
    return {"type": "home", "private_metadata": ref(user), "blocks": blocks}


def opener(person_id: str, right: Right) -> Block:
    """The button of the Home tab."""
    return _open("summary.home", person_id, right)


def messages_choice(person: Person) -> Block:
    """Whether the weekly message comes, with the button that changes it."""
    if person.summary_messages:
        text = "Once a week you are told in private when there is one to open; the message holds no figures."
        return section(text, _stop(person.id))
    text = "You are not told when there is one to open, as you chose."
    return section(text, button(_AGAIN_WORDS, "summary.send_again", ref(person.id), confirm=_AGAIN))


def find_form(user: str) -> View:
    """For HR where there are too many teams for one list: the name first."""
    field = input_block("part", "The team's name, or part of it", text_input(limit=80))
    blocks = [section(f"{NOT_A_MEASURE}\n{WRITTEN_DOWN}"), field]
    return modal("summary.find", "Choose a summary", blocks, submit="Find", close="Cancel", metadata=ref(user))


def choose_form(user: str, season: int, teams: Sequence[Upper]) -> View:
    """For HR: one of these teams, at least one; none is preselected, and no two are shown together."""
    pairs = [(Target(season, team.number, as_hr=True).written(), _path(team)) for team in teams]
    blocks = [
        section(f"{NOT_A_MEASURE}\n{WRITTEN_DOWN}"),
        divider(),
        input_block("target", "Team", choice("static_select", pairs), hint="Only teams that have teams below them."),
    ]
    return modal("summary.choose", "Choose a summary", blocks, submit="Open", close="Cancel", metadata=ref(user))


def _path(team: Upper) -> str:
    """Its path as an option takes it: of one that is too long the end, which tells it from others."""
    path = path_words(team.path)
    return path if len(path) <= OPTION_LIMIT else f"…{path[1 - OPTION_LIMIT :]}"


def _open(action_id: str, person_id: str, right: Right) -> Block:
    target = Target(right.season, right.team).written()
    return button("Open the team summary", action_id, ref(person_id, target), style="primary")


def _download(person_id: str, target: Target) -> Block:
    return button("Download as CSV", "summary.csv", ref(person_id, target.written()))


def _stop(person_id: str) -> Block:
    return button(_STOP_WORDS, "summary.stop_messages", ref(person_id), confirm=_STOP)
