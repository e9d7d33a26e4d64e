"""The questions that a wave can be made of, in our own words; each says where it comes from."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from bot.policy.clauses import split
from bot.pulse.questions import Kind, Question, Scale

LONGEST_OWN = 150
# A question is a label in the form; what is written above a clause may be longer than Slack takes there.
LONGEST_HEADING = 300
LONGEST_PASSAGE = 450
HR_QUESTION = "HR's question"

# In the list that HR chooses from, Slack shows so many characters of a question.
SHOWN_IN_LIST = 75

_DORA = "Adapted from the clarity questions of DORA's AI capabilities model (dora.dev, CC BY 4.0)."
_COLQUITT = (
    "Adapted from informational justice in Colquitt (2001): about the company instead of a supervisor, in other words."
)
_UNTESTED = "Our own question about a promise of your policy; no study has tested it."


def _of(kind: Kind, number: int, text: str, source: str, scale: Scale | None = "extent") -> Question:
    return Question(id=f"{kind}.{number}" if number else kind, kind=kind, text=text, scale=scale, source=source)


_CLARITY = (
    "How clear is it to you what you may and may not do with AI at work?",
    "How far does using AI at work feel mandatory to you?",
    "How far does your company support you in trying out AI?",
    "How far does the company's AI policy apply directly to your own work?",
)
_CANDOUR = (
    "How open and honest is your company with you about AI at work?",
    "How thoroughly does your company explain its rules for AI?",
    "How reasonable do you find the company's explanations of these rules?",
    "How far does the company announce changes of these rules in good time?",
    "How far do the company's explanations fit what you yourself need to know?",
)
CLARITY = tuple(_of("clarity", number, text, _DORA) for number, text in enumerate(_CLARITY, 1))
CANDOUR = tuple(_of("candour", number, text, _COLQUITT) for number, text in enumerate(_CANDOUR, 1))
GAMING = _of(
    "gaming", 0, "In the last two weeks I used AI mainly to make my usage look higher.",
    "Our own question; no study has tested it. It says something about the measure, not about people.", "agreement",
)  # fmt: skip
ACTION = _of(
    "action", 0, "I believe that these answers will change something for the better.",
    "Asked like this in many staff surveys; no study has tested these words.", "agreement",
)  # fmt: skip
COMMENT = _of("comment", 0, "Is there anything else that everybody should read?", "A free comment, undated.", None)
FIXED = (*CLARITY, *CANDOUR, GAMING, ACTION, COMMENT)


def promises(clauses: Iterable[Mapping[str, Any]], text: str = "") -> tuple[Question, ...]:
    """One question for each clause that people, not the program, keep: in the policy's order, each heading once.

    `clauses` and `text` are those of a stored version; the oldest ones have no marks, and so no promises.
    """
    bodies = {part.heading: part.body for part in reversed(split(text))}
    return tuple(belief(heading, bodies.get(heading, "")) for heading in promised(clauses))


def promised(clauses: Iterable[Mapping[str, Any]]) -> list[str]:
    """The headings of those clauses, in the same order."""
    marked = (each["heading"] for each in clauses if each.get("mark") == "promise")
    return [heading for heading in dict.fromkeys(marked) if heading.strip()]


def belief(heading: str, body: str = "") -> Question:
    """Whether people believe that the promise under this heading is followed; `body` is what stands there."""
    return Question(
        id=f"belief:{_fingerprint(heading)}",
        kind="belief",
        text=f"I believe “{one_line(heading, LONGEST_HEADING)}” is followed in practice.",
        clause=heading,
        source=_UNTESTED,
        passage=one_line(body, LONGEST_PASSAGE),
    )


def own(text: str) -> Question:
    """A question that HR wrote for this wave; the same words are the same question in a later one."""
    source = f"{HR_QUESTION}, written for this pulse; no study has tested it."
    return Question(id=f"own:{_fingerprint(text)}", kind="own", text=text, source=source)


def one_line(text: str, limit: int) -> str:
    """The text on one line, cut off where it is longer than `limit` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
