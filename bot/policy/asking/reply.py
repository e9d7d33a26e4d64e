"""What somebody who asks gets: values, before they become words on a screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.policy.answers import Refusal, Tier
from bot.policy.bounds import Change

Keeper = Literal["program", "not used", "people"]


@dataclass(frozen=True)
class Quote:
    """A passage, byte for byte as published in version `version`, in its clause number `clause`. `keeper`: who keeps
    that clause; None where the author does not say. `kept`: what of it the program keeps, in words, term by term."""

    version: int
    clause: int
    heading: str
    text: str
    keeper: Keeper | None
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stricter:
    """Terms behind a quoted clause that are stricter for the asker than in the version in force.

    `version` is the one that holds for them, agreed to or published since, with its own passage where it has one.
    """

    version: int
    quote: Quote | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Kind:
    """Rows of one kind that are held about the asker, when the oldest is of, and the day on which it goes."""

    kind: str
    rows: int
    oldest: date
    goes: date


@dataclass(frozen=True)
class Held:
    """What is held about the asker now, in counts. `agreed` is the version they opted in to."""

    agreed: int
    figures_in_dm: bool
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Reply:
    """The answer to one question, to one person.

    `title`, `contact`, `version`, `since` and `headings` are those of the version in force, `coming` is a version that
    is published and not in force yet, with its day. `held` is None for whoever has not opted in. `examples` are
    questions that the policy's author says it answers. `language` is the policy's, in English, where the question does
    not seem to be in it or the asker may not expect it; else None.
    """

    question: str
    title: str
    contact: str
    version: int
    since: datetime
    headings: tuple[str, ...]
    examples: tuple[str, ...]
    tier: Tier
    refusal: Refusal | None
    about_me: bool
    quotes: tuple[Quote, ...]
    stricter: tuple[Stricter, ...]
    held: Held | None
    coming: tuple[int, date] | None
    language: str | None = None


@dataclass(frozen=True)
class Asked:
    """What HR is shown: the open `questions`, None while they are too few, and of `version` how often each section
    that has enough answers `helped`: (did, did not) by heading, rounded down to fives."""

    version: int
    questions: Sequence[str] | None
    helped: Mapping[str, tuple[int, int]]
