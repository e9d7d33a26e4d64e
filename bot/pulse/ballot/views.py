"""The ballot's form: first what happens to the answers, then the questions."""

from datetime import datetime

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


def sealed(voter: Voter, closes_at: datetime) -> View:
    """What replaces the form once the ballot is stored; until `closes_at` it can be replaced."""
    until = _until(voter, closes_at)
    texts = (
        f"*Your ballot is sealed and stored.* {_group(voter)}",
        f"You can send the form again until {until}: the last one counts. It opens empty, because Candor shows nobody "
        "what you sent, not even you.",
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
    until = _until(found.voter, found.wave.closes_at)
    return f"The anonymous pulse is open until {until}. The button opens its questions.", answer_button(found.wave)


def _results_button(user: str) -> Block:
    return button("See results", "pulse.results", ref(user))


def _before(voter: Voter, wave: Wave) -> list[Block]:
    return [
        section("*About a minute. Every question is optional.* Before you answer, this is what happens to it."),
        section("\n".join(f"• {line}" for line in (*_shown(voter, wave), *_kept(wave)))),
        section("*What is not protected*\n" + "\n".join(f"• {line}" for line in _unprotected(wave))),
        context(
            f"You can change it until {_until(voter, wave.closes_at)}. The form opens empty, and what you send "
            "replaces all that you sent before: fill in everything again. An answer can be changed, not taken back."
        ),
    ]


def _group(voter: Voter) -> str:
    """In which group the ballot counts: said, so that whoever Candor takes for somebody else can see it."""
    return f"Your ballot says that you {'manage' if voter.leader else 'do not manage'} a team."


def _shown(voter: Voter, wave: Wave) -> tuple[str, ...]:
    width = 100 // BANDS
    return (
        f"*Shown to everybody:* steps of {width}, such as “{2 * width} to {3 * width} of 100”, and nothing of fewer "
        f"than {wave.smallest_group} answers. People who manage a team and everyone else are shown apart where both "
        f"groups are large enough. {_group(voter)}",
        f"*Comments:* word for word, if {wave.smallest_group_comments} or more people answer; undated and shuffled.",
    )


def _kept(wave: Wave) -> tuple[str, ...]:
    return (
        "*Kept until the pulse closes:* one sealed ballot without your name. Nobody can read it, or tell whose it is, "
        "from the database, its backups or our logs. No list of who has answered is kept.",
        f"*Then:* {_ended(wave)} With too few answers they are deleted unopened.",
        f"*Sealed for:* {_sealed_for(wave)}",
    )


def _ended(wave: Wave) -> str:
    if wave.trustee is None:
        return "all ballots are counted and deleted, and the keys destroyed."
    return (
        "the trustee counts all ballots, and they are deleted here. The key that opens them is the trustee's to "
        "destroy, not ours."
    )


def _sealed_for(wave: Wave) -> str:
    mark = trustee_mark(wave)
    if mark is None:
        return "this server, with a key outside the database and its backups."
    return (
        "your company's trustee, such as the works council. Only the trustee can open ballots; this server cannot. "
        f"The trustee's keys have the fingerprint `{mark}`: compare it with the one that the trustee announced."
    )


def _unprotected(wave: Wave) -> tuple[str, ...]:
    can = "open ballots and tell whose they are."
    if wave.trustee is not None:
        can = "tell who has answered; with the trustee's key also what."
    return (
        "Slack and the running program see your answers as you send them.",
        f"Whoever copies this server's keys together with the database before the pulse closes can {can}",
        "In a small group, somebody who knows how nearly all the others answered can work out the rest.",
        "Your way of writing can give a comment away.",
    )


def _until(voter: Voter, closes_at: datetime) -> str:
    return f"{moment_words(closes_at, voter.tz)} your time, or earlier if HR closes it"


def _field(question: Question) -> Block:
    label = f"HR's question: {question.text}" if question.kind == "own" else question.text
    if question.scale is None:
        field = text_input(multiline=True, limit=LONGEST_COMMENT)
        return input_block(question.id, label, field, optional=True, hint=_COMMENT_HINT)
    answers = choice("radio_buttons", offered(question))
    return input_block(question.id, label, answers, optional=True, hint=_about(question) or None)


def _about(question: Question) -> str:
    """What the policy says there, where a promise is asked about, and where the question comes from."""
    passage = f"The policy says: “{question.passage}”" if question.passage else ""
    return " ".join(filter(None, (passage, question.source)))


_COMMENT_HINT = (
    f"At most {LONGEST_COMMENT} characters. Shown as text: names and links in it call nobody. Leave out what only you "
    "could know."
)
