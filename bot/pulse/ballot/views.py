"""The ballot's form: first what happens to the answers, then the questions."""

from bot.blocks import (
    Block,
    View,
    actions,
    button,
    choice,
    context,
    divider,
    input_block,
    modal,
    section,
    text_input,
)
from bot.edge import ANYONE, ref
from bot.pulse.ballot.scales import offered
from bot.pulse.ballot.sending import Asked
from bot.pulse.ballot.standing import Voter
from bot.pulse.bands import BANDS
from bot.pulse.questions import LONGEST_COMMENT, Question
from bot.pulse.trustee.words import trustee_mark
from bot.weeks import moment_words
from storage.tables import Wave

TITLE = "The pulse"
RESULTS = (
    "Results go to everybody at the same moment, HR and managers included: on Candor's Home tab, under “The pulse”."
)


def form(voter: Voter, wave: Wave) -> View:
    """The form of a wave that takes ballots, for one person. Never filled in: nobody can read what they sent before."""
    questions = [Question.model_validate(each) for each in wave.questions]
    blocks = [*_before(voter, wave), divider(), *(_field(question) for question in questions)]
    return modal(
        "ballot.submit", TITLE, blocks, submit="Seal and send", close="Cancel", metadata=ref(voter.id, wave.id)
    )


def sealed(voter: Voter, wave: Wave) -> View:
    """What replaces the form once the ballot is stored."""
    until = _until(voter, wave)
    texts = (
        "*Your ballot is sealed and stored.*",
        f"You can send the form again until {until}: the last one counts. It will be empty, because nobody can read "
        "what you sent, not even to show it to you.",
        "No message about this follows, and no page of Candor shows that you answered. Reminders go to everybody "
        "alike, so one may reach you too.",
        RESULTS,
    )
    return modal("ballot.sealed", TITLE, [section(text) for text in texts])


def over(user: str, current: Wave | None) -> View:
    """That a wave takes no answers any more; with the button of the one that does, if there is one."""
    buttons = [] if current is None else [answer_button(current)]
    said = [section("*This pulse has closed, and takes no more answers.*"), section(RESULTS)]
    return modal("ballot.over", TITLE, [*said, actions(*buttons, _results_button(user))])


def answer_button(wave: Wave) -> Block:
    """The button that opens a wave's form for whoever presses it."""
    return button("Answer the pulse", "ballot.open", ref(ANYONE, wave.id))


def way_in(found: Asked) -> tuple[str, Block]:
    """What to say in a message, and its button: to the form, or while no wave takes ballots to the results."""
    if found.wave is None:
        return f"No pulse is open at the moment. {RESULTS}", _results_button(found.voter.id)
    until = _until(found.voter, found.wave)
    return f"The anonymous pulse is open until {until}. Its questions follow with the button.", answer_button(
        found.wave
    )


def _results_button(user: str) -> Block:
    return button("See results", "pulse.results", ref(user))


def _before(voter: Voter, wave: Wave) -> list[Block]:
    return [
        section("*About a minute. Every question is optional.* Before you answer, this is what happens to it."),
        section("\n".join(f"• {line}" for line in (*_shown(wave), *_kept(wave)))),
        section("*What is not protected*\n" + "\n".join(f"• {line}" for line in _unprotected(wave))),
        context(f"You can change it until {_until(voter, wave)}: sending the form again replaces what you sent."),
    ]


def _shown(wave: Wave) -> tuple[str, ...]:
    width = 100 // BANDS
    return (
        f"*Shown to everybody:* steps of {width} out of 100, never exact numbers, and nothing of fewer than "
        f"{wave.smallest_group} answers. People who manage a team and everybody else are also shown apart where both "
        "groups are large enough, so your ballot says which of the two you belong to.",
        f"*Comments* are shown, word for word, if {wave.smallest_group_comments} or more people answer: without dates, "
        "shuffled, and without a group.",
    )


def _kept(wave: Wave) -> tuple[str, ...]:
    return (
        "*Kept until the pulse closes:* one sealed ballot without your name. Nobody can read it, or tell whose it is, "
        "from the database, its backups or our logs. No list of who has answered is kept.",
        "*Then:* the ballots are counted and deleted, and the keys destroyed. With too few answers they are deleted "
        "without being opened.",
        f"*Sealed for:* {_sealed_for(wave)}",
    )


def _sealed_for(wave: Wave) -> str:
    mark = trustee_mark(wave)
    if mark is None:
        return "this server. Its key is in a place of its own, outside the database and its backups."
    return (
        f"your company's trustee, such as the works council. Only the trustee can open ballots; this server cannot. "
        f"The trustee's keys have the fingerprint `{mark}`: compare it with the one that the trustee announced."
    )


def _unprotected(wave: Wave) -> tuple[str, ...]:
    operator = (
        "Whoever takes over the running server, or copies its keys together with the database before the pulse closes, "
    )
    can = "can tell who has answered, though not what." if wave.trustee else "can open ballots and tell whose they are."
    return (
        "Slack and the running program see your answers at the moment you send them.",
        operator + can,
        "Your way of writing can give a comment away.",
    )


def _until(voter: Voter, wave: Wave) -> str:
    return f"{moment_words(wave.closes_at, voter.tz)} your time, or earlier if HR closes it"


def _field(question: Question) -> Block:
    label = f"HR's question: {question.text}" if question.kind == "own" else question.text
    if question.scale is None:
        field = text_input(multiline=True, limit=LONGEST_COMMENT)
        return input_block(question.id, label, field, optional=True, hint=_COMMENT_HINT)
    return input_block(
        question.id, label, choice("radio_buttons", offered(question)), optional=True, hint=question.source or None
    )


_COMMENT_HINT = (
    f"At most {LONGEST_COMMENT} characters. Shown as text: names and links in it call nobody. Leave out what only you "
    "could know."
)
