"""How the people of the sample company answer a pulse."""

from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import NamedTuple

from bot.sandbox.company_habits import rng
from bot.sandbox.company_people import CompanyPerson


class PulseAnswer(NamedTuple):
    """What one person answers: `options`, "1" to "5" or "0" for "I don't know", by the question's id."""

    person_id: str
    leader: bool
    options: Mapping[str, str]
    comment: str | None


_TAKING_PART = 0.75
_UNSURE = 0.12
_SKIPPED = 0.03
_COMMENTING = 0.4
# How often each of the five points is chosen, from least to most.
_POINTS: Mapping[str, tuple[int, ...]] = {
    "belief": (2, 3, 4, 6, 3),
    "clarity": (1, 2, 4, 7, 3),
    "candour": (2, 3, 5, 5, 2),
    "gaming": (7, 5, 3, 2, 1),
    "action": (3, 4, 6, 3, 1),
}
_OTHERWISE = (1, 2, 3, 2, 1)
# Those who lead people believe more of what they have to announce.
_OF_LEADERS: Mapping[str, tuple[int, ...]] = {"belief": (0, 1, 3, 8, 6), "candour": (0, 1, 4, 7, 5)}

_COMMENTS = (
    "My manager has never asked me about my numbers. I did not expect that.",
    "Half of my team thinks that usage will count in the review anyway, whatever the policy says.",
    "Say it plainly when something changes, and not in the third paragraph.",
    "The policy is clear. Whether it is kept when times get hard is another question.",
    "Please tell us what came of the last answers before you ask for new ones.",
    "In spring I ran it on things I knew already, so that I would not be the one with zeros.",
    "Good that those who stay out are asked as well.",
    "@channel does anybody read this & will anything <change>?",
    "An hour a week to learn would do more than another table.",
    "It saves me time with tests. It costs me time wherever something looks right and is not.",
    "Why these four tools, and not the one that we all asked for?",
    "I would opt in if I knew that I can get out again without anybody noticing.",
    "Who checks HR?",
    "I have looked at what is held about me. It was less than I had feared.",
    "Less pressure since it was written down that there is no ranking.",
    "Ask again in half a year, then we shall see.",
)


def answers(people: Iterable[CompanyPerson], pulse: int, kinds: Mapping[str, str]) -> Iterator[PulseAnswer]:
    """Who takes part in the pulse with this number, and with which answers to these questions (kind by id).

    The same on every machine and in every run; a question of kind "comment" is for the comment.
    """
    comments = list(_COMMENTS)
    rng("pulse comments", pulse).shuffle(comments)
    for person in people:
        chance = rng("pulse", pulse, person.id)
        if chance.random() < _TAKING_PART:
            options = {each: option for each, kind in kinds.items() if (option := _option(person, kind, chance))}
            writes = "comment" in kinds.values() and comments and chance.random() < _COMMENTING
            yield PulseAnswer(person.id, person.is_manager, options, comments.pop() if writes else None)


def _option(person: CompanyPerson, kind: str, chance: Random) -> str | None:
    drawn = chance.random()
    if kind == "comment" or drawn < _SKIPPED:
        return None
    if drawn < _SKIPPED + _UNSURE:
        return "0"
    weights = _POINTS.get(kind, _OTHERWISE)
    if person.is_manager:
        weights = _OF_LEADERS.get(kind, weights)
    return chance.choices("12345", weights)[0]
