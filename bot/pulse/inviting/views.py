"""What an invitation, a reminder and the post in the channel say; and the choice to get none."""

from bot.blocks import Block, actions, button, mrkdwn, plain, section
from bot.delivery import Message
from bot.edge import ANYONE, ref
from bot.policy.publishing.spoken import spoken
from bot.policy.publishing.words import date_time_words
from bot.weeks import moment_words
from storage.tables import Person, Wave

_STOP: Block = {
    "title": plain("No more invitations"),
    "text": mrkdwn(
        "You get no more invitations to a pulse, and no reminders. You can still answer: the button stays in Candor's "
        "Home tab and in the channel."
    ),
    "confirm": plain("Don't invite me"),
    "deny": plain("Keep them"),
}
STOPPED = (
    "You get no more invitations to a pulse, and no reminders. To get them again, open Candor's Home tab and press "
    "“Invite me again”. You can still answer any pulse from there, or from the channel."
)
AGAIN = (
    "You get invitations again: one when a pulse opens, and one reminder. If one is open now that you were not invited "
    "to, its invitation comes at the next hour for invitations."
)
_EVERYBODY = "Everybody is asked, opted in to Candor or not. Leaving it out has no consequences."
_SEALED = "Your answers are sealed. Before the first question the form says what that protects, and what it does not."


def invitation(wave: Wave, person: Person, *, one_more: bool) -> Message:
    """The invitation to a wave; `one_more` says whether a reminder is still to come."""
    reminder = " That is why the one reminder goes to everybody too." if one_more else ""
    return _said(
        section(f"*{_lead(wave)}*\n{_effort(wave)}, until {_until(wave, person.tz)}; HR may close it earlier."),
        section(f"{_EVERYBODY} There is no list of who has answered.{reminder} {_SEALED}"),
        actions(_open(wave), _stop(person)),
    )


def reminder(wave: Wave, person: Person) -> Message:
    """The one reminder of a wave."""
    return _said(
        section(f"*Pulse {wave.number} is open until {_until(wave, person.tz)}*; HR may close it earlier."),
        section(
            "This is its only reminder. It goes to everybody who was invited, because there is no list of who has "
            "answered. If you have, you need do nothing; until it closes you can still change your answers. Leaving "
            "it out has no consequences."
        ),
        actions(_open(wave), _stop(person)),
    )


def opened(wave: Wave) -> Message:
    """The post to the channel."""
    return _said(
        section(
            f"*{_lead(wave)}*\n{_effort(wave)}, until {date_time_words(wave.closes_at)} UTC; HR may close it earlier."
        ),
        section(f"{_EVERYBODY} There is no list of who has answered. {_SEALED}"),
        section("Once it has closed, everybody sees the same results at the same moment."),
        actions(_open(wave)),
    )


def invitation_choice(person: Person) -> list[Block]:
    """The person's choice, for their Home tab: one section with one button."""
    title, mine = "*Invitations to a pulse*", ref(person.id)
    if person.invitations:
        text = f"{title}\nOne private message when a pulse opens, and one reminder; both go to everybody."
        return [section(text, button("Don't invite me again", "pulse.stop_inviting", mine))]
    text = f"{title}\nYou get none, as you chose. You can still answer any pulse."
    return [section(text, button("Invite me again", "pulse.invite_again", mine))]


def _lead(wave: Wave) -> str:
    return f"Pulse {wave.number} is open: is the AI policy followed in practice?"


def _effort(wave: Wave) -> str:
    return f"An anonymous survey: {len(wave.questions)} questions, about a minute"


def _until(wave: Wave, tz: str) -> str:
    return f"{moment_words(wave.closes_at, tz)} your time"


def _open(wave: Wave) -> Block:
    return button("Answer the pulse", "ballot.open", ref(ANYONE, wave.id))


def _stop(person: Person) -> Block:
    return button("Don't invite me again", "pulse.stop_inviting", ref(person.id), confirm=_STOP)


def _said(*blocks: Block) -> Message:
    return Message(spoken(blocks), list(blocks))
