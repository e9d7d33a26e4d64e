"""What goes into the answering engine and what comes out of it."""

from dataclasses import dataclass
from typing import Literal

Tier = Literal["answer", "closest", "silent", "refused"]
Refusal = Literal["another person", "injection", "no such section", "chit-chat", "empty", "too long"]


@dataclass(frozen=True)
class Section:
    """One heading of a policy: `text` is its body, verbatim; `questions` are those its author says it answers; `path`
    holds the headings above it, the outermost first."""

    heading: str
    text: str
    questions: tuple[str, ...] = ()
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """`quote` is a verbatim piece of the text under `heading`: whole sentences, list items or paragraphs."""

    heading: str
    quote: str


@dataclass(frozen=True)
class Answer:
    """What the policy says to one question.

    `sections`: the three best headings, ranked, whatever the tier; fewer only if the policy has fewer.
    `passages`: for "answer" of at most two sections, for "closest" of at most three, otherwise none.
    `refusal`: why, for "refused" alone. `about_me`: the question is about the asker's own data.
    """

    tier: Tier
    passages: tuple[Passage, ...]
    sections: tuple[str, ...]
    refusal: Refusal | None = None
    about_me: bool = False
