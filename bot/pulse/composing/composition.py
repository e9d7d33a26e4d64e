"""What HR put together in the form, checked; and the way it is carried from one page to the next."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import CandorError
from bot.pulse.ballot.answers import cleaned_line
from bot.pulse.composing.bank import FIXED, HR_QUESTION, LONGEST_OWN, own
from bot.pulse.questions import FEWEST, MOST, Question
from bot.weeks import WEEK

OWN, NOTHING = "own", "nothing"
SLOTS = tuple(f"q{number}" for number in range(1, MOST + 1))
OWN_FIELD, WEEKS_FIELD = "own", "weeks"

Chosen = Literal["1", "2"]


class Faulty(CandorError):
    """What is wrong with a composition: words by the field of the form that they belong to."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        super().__init__("\n".join(by_field.values()))
        self.by_field = dict(by_field)


class PolicyChanged(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "Another version of the policy took effect meanwhile, so what you prepared may not fit it. No pulse was "
            "opened. Please prepare it again from Candor's Home tab."
        )


class Composition(BaseModel):
    """What HR chose: ids of questions in order ("own" for HR's own one), its text, and the length in weeks. `version`
    is the policy in force when the form was opened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: tuple[str, ...] = Field(max_length=MOST)
    own: str | None = None
    weeks: Chosen = "1"
    version: int

    @property
    def length(self) -> timedelta:
        return int(self.weeks) * WEEK


def composed(given: Mapping[str, Any], version: int) -> Composition:
    """What a form's values say, not checked yet: a slot that says "nothing" is left out."""
    slots = [str(given.get(slot) or NOTHING) for slot in SLOTS]
    text = cleaned_line(given.get(OWN_FIELD) or "")
    weeks: Chosen = "2" if given.get(WEEKS_FIELD) == "2" else "1"
    return Composition(questions=tuple(slots), own=text or None, weeks=weeks, version=version)


def carried(text: str) -> Composition:
    """A composition that a page carried; raises `PolicyChanged` for what is none."""
    try:
        return Composition.model_validate_json(text)
    except ValidationError:
        raise PolicyChanged from None


def questions_of(composition: Composition, promises: Sequence[Question]) -> tuple[Question, ...]:
    """The questions of a wave, in HR's order; `promises` are those of the policy in force. Raises `Faulty`."""
    offered = {question.id: question for question in (*promises, *FIXED)}
    if composition.own:
        offered[OWN] = own(composition.own)
    if faults := _faults(composition, offered):
        raise Faulty(faults)
    return tuple(offered[each] for each in composition.questions if each != NOTHING)


def _faults(composition: Composition, offered: Mapping[str, Question]) -> dict[str, str]:
    faults, seen = _own_faults(composition), set[str]()
    for slot, chosen in zip(SLOTS, composition.questions, strict=False):
        if chosen == NOTHING:
            continue
        if chosen in seen:
            faults[slot] = "This question is chosen twice."
        elif chosen not in offered and chosen != OWN:
            faults[slot] = "The policy in force has no such question any more. Please open this form again."
        seen.add(chosen)
    if len(seen) < FEWEST:
        # The place that is still free, not one that holds a question.
        free = next((slot for slot in SLOTS if slot not in _taken(composition)), SLOTS[-1])
        faults.setdefault(free, f"A pulse has at least {FEWEST} different questions.")
    return faults


def _taken(composition: Composition) -> set[str]:
    return {slot for slot, chosen in zip(SLOTS, composition.questions, strict=False) if chosen != NOTHING}


def _own_faults(composition: Composition) -> dict[str, str]:
    chosen, text = OWN in composition.questions, composition.own or ""
    if chosen and not text:
        return {OWN_FIELD: f"You chose “{HR_QUESTION}” above: write it here."}
    if text and not chosen:
        return {OWN_FIELD: f"Choose “{HR_QUESTION}” above at the place where it is to stand, or empty this field."}
    if text and not any(map(str.isalnum, text)):
        return {OWN_FIELD: "Write it in words: it has no letter and no digit."}
    if len(text) > LONGEST_OWN:
        return {OWN_FIELD: f"At most {LONGEST_OWN} characters."}
    return {}
