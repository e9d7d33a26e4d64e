"""When the digest comes, and what to do when something in it looks wrong."""

from bot.blocks import (
    Block,
    View,
    as_typed,
    button,
    choice,
    context,
    input_block,
    modal,
    section,
    text_input,
)
from bot.edge import ref
from bot.usage.catalogue import TOOLS
from bot.weeks import WEEKDAYS, arrival
from storage.tables import Preference

MESSAGE_LIMIT = 1500
HOURS = range(24)


def form(person_id: str, preference: Preference, figures_in_dm: bool) -> View:
    """The modal for when the digest comes and what it shows."""
    days = [(str(n), name) for n, name in enumerate(WEEKDAYS)]
    hours = [(str(hour), f"from {hour:02d}:00") for hour in HOURS]
    shown = [("dm", "In the message"), ("modal", "Behind a button, not in the message")]
    blocks = [
        section(f"Now: {arrival(preference.weekday, preference.hour)}."),
        input_block("weekday", "Day", choice("static_select", days, str(preference.weekday))),
        input_block(
            "hour",
            "Hour, where you are",
            choice("static_select", hours, str(preference.hour)),
            hint="It arrives within three hours of this.",
        ),
        input_block(
            "figures",
            "Your figures",
            choice("radio_buttons", shown, "dm" if figures_in_dm else "modal"),
            hint="From the next message on; those you already got stay as they are.",
        ),
        input_block(
            "paused",
            "Messages",
            choice(
                "radio_buttons",
                [("no", "Once a week"), ("yes", "None for now (collection goes on until you opt out)")],
                "yes" if preference.paused else "no",
            ),
        ),
    ]
    return modal("digest.settings", "Settings", blocks, submit="Save", close="Cancel", metadata=ref(person_id))


def wrong(person_id: str, subject: str, contact: str, slack_id: str | None, email: str | None) -> View:
    """“This looks wrong”: correct what is yours to correct, or write to the policy's contact."""
    mine = ref(person_id)
    identity = f"We match your usage by *{email}*." if email else "No address of yours is matched."
    blocks = [
        section(f"*{TOOLS[subject].name}* shows something wrong? Three ways to put it right."),
        section(
            f"*1. The address.* {identity} If that is not you, we read your Slack profile again and delete the usage "
            "that came with the old address (messages you already got keep what they showed).",
            button("Read my address again", "digest.identity", mine),
        ),
        section("*2. Your check-in.* You can correct it yourself.", button("Correct it", "checkin.newest", mine)),
        input_block(
            "message",
            f"3. Write to {contact}"[:2000],
            text_input(multiline=True, limit=MESSAGE_LIMIT),
        ),
        context(f"{_readers(slack_id)} your name and these words. Your figures are not sent along."),
    ]
    metadata = ref(person_id, subject)
    return modal("digest.wrong", "This looks wrong", blocks, submit="Send", close="Cancel", metadata=metadata)


def _readers(slack_id: str | None) -> str:
    """Who reads what is written to the contact: one person, or everybody in a channel."""
    if slack_id is None:
        return "They see"
    return f"<@{slack_id}> sees" if slack_id.startswith(("U", "W")) else f"Everybody in <#{slack_id}> sees"


def to_contact(person_id: str, tool: str, text: str) -> tuple[str, list[Block]]:
    """The message to the policy's contact: who writes, about which tool, in their own words."""
    about = f"<@{person_id}> says that something Candor shows them about {TOOLS[tool].name} looks wrong:"
    return about, [section(about), as_typed(text), context("Their figures are not part of this message.")]
