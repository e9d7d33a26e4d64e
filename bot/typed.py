"""Words typed to Candor: in the DM, or after /candor. Every button has one, so that all works without a mouse.

Whatever is none of these words is a question about the policy.
"""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.acks import PULSE
from bot.blocks import Block, View, actions, button, notice, section
from bot.checkin.listeners import form_view
from bot.digest.listeners import settings_view
from bot.digest.timing import pause
from bot.edge import Command, DirectMessage, bare_word, ref
from bot.errors import CandorError
from bot.held import views as held_views
from bot.held.listeners import export_for, has_files, held_view
from bot.people.hr import Hr
from bot.people.known import holder, known_person
from bot.policy.asking import question
from bot.policy.asking.desk import Desk
from bot.policy.asking.listeners import answer_message, answer_view
from bot.policy.listeners import reader_view
from bot.pulse.ballot.listeners import ballot_view, way_in
from bot.pulse.ballot.sending import Booth
from bot.pulse.results.listeners import results_view
from bot.settings import Settings
from bot.weeks import Clock, last_week
from storage.database import SessionFactory

HELP = (
    "*What you can type*\n"
    "A question about the policy, such as “How long is my data kept?” (after `/candor ask`, or just so in Candor's "
    "direct message). The answer is in the policy's own words. Candor does not keep what you ask.\n"
    "`checkin` report the newest week, or correct it\n"
    "`pulse` answer the anonymous pulse; while none is open, see the results\n"
    "`held` see every row held about you\n"
    "`export` get it as files (JSON and CSV)\n"
    "`settings` day, hour, and whether figures are in messages\n"
    "`pause` and `resume` your weekly message\n"
    "`policy` read the policy, and all its versions\n"
    "`stop` opt out: collection ends and everything held is deleted\n"
    "`erase` the same, to start again\n"
    "`help` this list"
)
OVER_WHAT_IS_HELD = ("held", "export", "stop", "erase")
BUTTONS = {
    "checkin": ("Report the newest week", "checkin.newest"),
    "held": ("What we hold about me", "held.open"),
    "settings": ("Settings", "digest.settings"),
    "policy": ("Read the policy", "policy.read"),
}


WORDS = question.COMMANDS


def register(app: App) -> None:
    app.command("/candor")(on_command)
    app.event("message")(on_message)


def on_command(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    desk: Desk,
    hr: Hr,
    booth: Booth,
) -> None:
    ack()
    command = Command.model_validate(body)
    word = command.word or "help"
    _require_standing(word, command.user_id, client, sessions)
    if word in WORDS:
        view = _view(word, command.user_id, client, sessions, settings, clock, hr, booth)
    else:
        asked = question.from_command(command.text)
        view = answer_view(desk, command.user_id, asked, question.nearly(bare_word(asked), WORDS))
    client.views_open(trigger_id=command.trigger_id, view=view)
    if word == "export" and has_files(sessions, command.user_id):
        export_for(client, sessions, command.user_id, clock)


def _require_standing(word: str, user: str, client: WebClient, sessions: SessionFactory) -> None:
    """Raises `NotAMember` for guests, bots and strangers, but lets nobody be cut off from what is held of them."""
    if word == PULSE:
        # It is looked at where the form is made, and leaves no row behind.
        return
    (holder if word in OVER_WHAT_IS_HELD else known_person)(sessions, client, user)


def _view(
    word: str,
    user: str,
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    hr: Hr,
    booth: Booth,
) -> View:
    match word:
        case "checkin":
            person = known_person(sessions, client, user)
            return form_view(sessions, person, last_week(clock(), person.tz), clock)
        case "pulse":
            return ballot_view(booth, user) or results_view(sessions, hr, user, clock())
        case "held":
            return held_view(client, sessions, user, clock())
        case "settings":
            return settings_view(sessions, user)
        case "policy":
            return reader_view(sessions, clock(), user)
        case "pause" | "resume":
            return notice("Messages", _pause(word, user, client, sessions, clock))
        case "stop" | "erase":
            return held_views.confirm(user, word, settings.backup_days)
        case "export":
            return notice("Export", held_views.ON_THEIR_WAY if has_files(sessions, user) else held_views.NO_FILES)
        case _:
            return notice("Candor", HELP)


def on_message(
    event: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    desk: Desk,
    booth: Booth,
) -> None:
    message = DirectMessage.model_validate(event)
    if not message.from_person or message.user is None:
        return
    try:
        _require_standing(message.word, message.user, client, sessions)
        if message.word not in WORDS:
            answer_message(client, sessions, desk, clock, message, question.nearly(message.word, WORDS))
            return
        text, blocks = _reply(message.word, message.user, client, sessions, settings, clock, booth)
    except CandorError as error:
        text, blocks = str(error), [section(str(error))]
    client.chat_postMessage(
        channel=message.channel, thread_ts=message.thread_ts or message.ts, text=text, blocks=blocks
    )


def _reply(
    word: str,
    user: str,
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    booth: Booth,
) -> tuple[str, list[Block]]:
    if word == PULSE:
        said, button_ = way_in(booth, user)
        return said, [section(said), actions(button_)]
    if word in BUTTONS:
        label, action_id = BUTTONS[word]
        return f"The button “{label}” follows.", [actions(button(label, action_id, ref(user)))]
    if word in ("stop", "erase"):
        return held_views.confirm_text(word, settings.backup_days), held_views.confirm_blocks(
            user, word, settings.backup_days
        )
    if word == "export":
        if not has_files(sessions, user):
            return _said(held_views.NO_FILES)
        export_for(client, sessions, user, clock)
        return _said("Your files are below, in this conversation.")
    if word in ("pause", "resume"):
        return _said(_pause(word, user, client, sessions, clock))
    return _said(HELP)


def _pause(word: str, user: str, client: WebClient, sessions: SessionFactory, clock: Clock) -> str:
    return pause(sessions, known_person(sessions, client, user), word == "pause", clock())


def _said(text: str) -> tuple[str, list[Block]]:
    return text, [section(text)]
