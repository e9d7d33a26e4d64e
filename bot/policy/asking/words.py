"""What an answer says around the policy's own words."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.errors import HELD_BEFORE
from bot.policy.answers import Refusal
from bot.policy.answers.refusals import LONGEST
from bot.policy.asking.limiter import MOST
from bot.policy.asking.reply import Keeper, Kind, Quote, Reply, Stricter
from bot.policy.bounds import Change
from bot.policy.publishing.words import label
from bot.policy.terms import in_words

CLOSEST = "The policy does not say this directly. The closest passages are:"
SILENT = "The policy does not say."
HELD_NOW = "What is held about you now:"
NOT_KEPT = "Candor does not keep your question."
NOT_KEPT_IN_DM = "Candor does not keep your question; Slack keeps what you write here, like any message."
GOES_ON = "The passage goes on in the policy."
TO_HR = "Send this question to HR, without my name"
PRIVATE = "You asked for no figures in direct messages: what is held about you opens behind this button."
TOO_MANY = f"That is more than {MOST} questions in a minute. Candor answers again when the minute is over."
TOO_FAST = f"{TOO_MANY} Until then it stays silent here. Candor kept nothing of your questions."
# The program keeps values; a clause says more than these.
KEEPERS: Mapping[Keeper, str] = {
    "program": "The program keeps this: {}. The rest people keep.",
    "not used": "This version of the policy does not use the terms behind this.",
    "people": "A promise that only people can keep.",
}
_NAMED, _LONG = 3, 90
_LIST = "“What the machine keeps”"
_KINDS = {
    "usage": ("1 usage day", "{} usage days"),
    "check_ins": ("1 check-in", "{} check-ins"),
    "messages": ("1 message or file in Slack with your figures", "{} messages and files in Slack with your figures"),
}
_AMONG = {"messages": " Answers with such counts, in the direct message, are among them."}
_SHOWN_HEADINGS = 20


def day(of: date) -> str:
    """A day with its year: "1 Sep 2026"."""
    return f"{of.day} {of:%b %Y}"


def source(reply: Reply) -> str:
    """Which version the passages are from."""
    return f"Version {reply.version}, in force since {day(reply.since.date())}"


def own_source(stricter: Stricter) -> str:
    """Which version the passage is from that holds for the asker."""
    return f"Version {stricter.version}, which holds for you here"


def searched(reply: Reply) -> str:
    """After a question that the policy does not answer: what was looked at, and who can be asked."""
    return (
        f"I found nothing about this in version {reply.version}, in force since {day(reply.since.date())}. I go by "
        f"words and their relatives; other words may find it. You can ask {reply.contact}, or send the question to HR "
        "without your name."
    )


def language(reply: Reply) -> str | None:
    """Which language to ask in, after a question that the policy does not answer; None where that is plain."""
    if reply.language is None or reply.tier not in ("closest", "silent"):
        return None
    return f"The policy is in {reply.language}: a question in {reply.language} finds more."


def kept_by(quote: Quote) -> str | None:
    """Who keeps the quoted clause; None where its author does not say."""
    return keeping(quote.keeper, quote.kept) if quote.keeper else None


def keeping(keeper: Keeper, kept: Sequence[str]) -> str:
    """That it is the program, with what of it, or that it is people."""
    return KEEPERS[keeper].format(_named(kept))


def _named(kept: Sequence[str]) -> str:
    """A few of the values, the long ones by their names only."""
    shown = [each if len(each) <= _LONG else each.partition(":")[0] for each in kept[:_NAMED]]
    more = [f"{len(kept) - _NAMED} more under {_LIST}"] if len(kept) > _NAMED else []
    return "; ".join([*shown, *more])


def near(meant: str) -> str:
    """After what is nearly a command, or a command where none is taken."""
    return (
        f"Did you mean `{meant}`? Nothing was done. If so, type it by itself in Candor's direct message, "
        f"or `/candor {meant}`."
    )


def is_private(reply: Reply) -> bool:
    """Whether the asker wants no figures in direct messages; counts of rows stay out of them too, then."""
    return reply.held is not None and not reply.held.figures_in_dm


def coming(reply: Reply) -> str | None:
    """That another version is published already; None when there is none."""
    if reply.coming is None:
        return None
    number, when = reply.coming
    return f"Version {number} is published and takes effect on {day(when)}. This answer is from the one in force."


def held(reply: Reply) -> list[str]:
    """What is held about the asker now, in counts; for who has not opted in, what is held of everybody."""
    if reply.held is None:
        return [f"You have not opted in, so nothing of your use is held. {HELD_BEFORE}"]
    lines = [f"{_rows(each)}, {_oldest(each)}{_AMONG.get(each.kind, '')}" for each in reply.held.kinds]
    lines.append(
        f"Your consent to version {reply.held.agreed} with the tools you chose, the names you are matched by and your "
        "settings. They go when you opt out."
    )
    return lines


def _rows(kind: Kind) -> str:
    one, many = _KINDS[kind.kind]
    return one if kind.rows == 1 else many.format(f"{kind.rows:,}")


def _oldest(kind: Kind) -> str:
    when = f"the week of {day(kind.oldest)}" if kind.kind == "check_ins" else day(kind.oldest)
    return f"{'of' if kind.rows == 1 else 'the oldest of'} {when}. It goes on {day(kind.goes)}."


def holds(stricter: Stricter, reply: Reply) -> str:
    """Which of two versions holds for the asker, and in what."""
    differences = "; ".join(_difference(change) for change in stricter.changes)
    said = f"For you version {stricter.version} holds here, because it is stricter than version {reply.version}: "
    if stricter.version > reply.version:
        return f"{said}{differences}. You agreed to it already."
    return f"{said}{differences}. Version {reply.version} does not loosen this for you unless you agree to it."


def _difference(change: Change) -> str:
    old, new = (in_words(change.term, value) for value in (change.old or (), change.new or ()))
    return f"{label(change.term)}: {old}, not {new}"


_SECTION = re.compile(
    r"(?:section|clause|paragraph|article|clause|part|point|rule|§)\s*(?:no\.?|number|#)?\s*(\d[\d.]{0,9})",
    re.IGNORECASE,
)


def refused(reply: Reply) -> str:
    """Why there is no answer, and what can be asked."""
    assert reply.refusal is not None
    return _REFUSALS[reply.refusal](reply)


def _no_section(reply: Reply) -> str:
    named = _SECTION.search(reply.question)
    which = f"There is no section {named[1].rstrip('.')}." if named else "There is no such section."
    shown, more = reply.headings[:_SHOWN_HEADINGS], len(reply.headings) - _SHOWN_HEADINGS
    rest = f" and {more} more" if more > 0 else ""
    number = len(reply.headings)
    return f"{which} The policy has {number} {'clause' if number == 1 else 'clauses'}: {'; '.join(shown)}{rest}."


def _example(reply: Reply) -> str:
    quoted = [f"“{example}”" for example in reply.examples]
    return f" For example: {' '.join(quoted)}" if quoted else ""


_REFUSALS: Mapping[Refusal, Callable[[Reply], str]] = {
    "another person": lambda reply: (
        "Candor tells nobody anything about another person, and has no page, command or report that could. You can ask "
        "what is held about you, and what the policy says."
    ),
    "injection": lambda reply: (
        "Candor answers with the policy's own words only, and nothing in a question can change them. Ask what the "
        "policy says, and you get the passage."
    ),
    "no such section": _no_section,
    "chit-chat": lambda reply: (
        f"I am a program. I answer questions about the policy, in its own words.{_example(reply)}"
    ),
    "empty": lambda reply: f"There is no question in that. Type one in your own words.{_example(reply)}",
    "too long": lambda reply: (
        f"That is longer than {LONGEST:,} characters. Please ask one thing at a time, in a sentence or two."
    ),
}
