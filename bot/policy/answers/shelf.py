"""A section, read once: what each of its parts is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.policy.answers.features import Reader, strongest
from bot.policy.answers.units import Block, Unit, blocks_of, units_of
from bot.policy.answers.values import Section

Features = Mapping[str, float]
# A heading above says less about a section than its own; a question it answers less than what it says.
PATH = 0.5
QUESTION = 0.8
INTRODUCTION = 0.6


@dataclass(frozen=True)
class Shelf:
    """One section with the features of its parts; `whole` has each feature where it is strongest."""

    section: Section
    blocks: list[Block]
    units: list[Unit]
    of_heading: Features
    of_path: Features
    of_units: Sequence[Features]
    of_questions: Sequence[Features]
    whole: Features


def shelve(section: Section, reader: Reader) -> Shelf:
    """Read a section, its headings and its author's questions."""
    blocks = blocks_of(section.text)
    units = units_of(section.text, blocks)
    heading = reader.features(section.heading)
    path = strongest(map(reader.features, section.path))
    of_units = _with_introductions(blocks, units, [reader.features(section.text[u.start : u.end]) for u in units])
    questions = [reader.features(question) for question in section.questions]
    faint = [_fainter(path, PATH), *(_fainter(question, QUESTION) for question in questions)]
    whole = strongest([heading, *of_units, *faint])
    return Shelf(section, blocks, units, heading, path, of_units, questions, whole)


def _with_introductions(blocks: Sequence[Block], units: Sequence[Unit], of_units: list[Features]) -> list[Features]:
    """A list item read with the line that introduces its list, a table's row with its head."""
    found: list[Features] = []
    above: Features = {}
    last = "paragraph"
    for unit, features in zip(units, of_units, strict=True):
        kind = blocks[unit.block].kind
        if kind == "paragraph" or (kind == "row" and last != "row"):
            above = _fainter(features, INTRODUCTION)
            found.append(features)
        else:
            found.append(strongest([features, above]))
        last = kind
    return found


def _fainter(features: Features, by: float) -> Features:
    return {feature: strength * by for feature, strength in features.items()}


def slots_of(shelf: Shelf) -> Iterator[Features]:
    """The parts in order: the heading, the headings above it, the units, and what may be like a question: the heading
    once more, and the author's questions."""
    yield shelf.of_heading
    yield shelf.of_path
    yield from shelf.of_units
    yield shelf.of_heading
    yield from shelf.of_questions
