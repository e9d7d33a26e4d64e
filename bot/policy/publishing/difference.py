"""What changed between two texts, clause by clause and sentence by sentence, as people read it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from bot.policy.clauses import Part, split
from bot.policy.publishing.sentences import Sentence, sentences

Kind = Literal["same", "added", "removed"]
# Sentences that share less than this are one that went and one that came, not one that was changed.
_ALIKE = 0.5
# A clause under another heading is the same clause when so much of it stayed.
_SAME_CLAUSE = 0.6
# Unchanged sentences shown on either side of a change.
_AROUND = 1
ELLIPSIS = "…"
BEFORE_THE_FIRST = "Before the first heading"
KINDS = {"added": "new clause", "removed": "removed", "changed": "changed"}


@dataclass(frozen=True)
class Piece:
    """Some words that stayed, came or went; `opens` a new paragraph."""

    kind: Kind
    text: str
    opens: bool = False


@dataclass(frozen=True)
class ClauseChange:
    """A clause that is not as it was; `heading` is the new one, or the old one of a clause that was removed."""

    heading: str
    kind: Literal["added", "removed", "changed"]
    pieces: tuple[Piece, ...]
    old_heading: str | None = None


def difference(old: str, new: str) -> list[ClauseChange]:
    """The clauses that differ, in the order of the new text; removed ones stand where they were. Empty when only the
    order, the line breaks or the levels of headings differ."""
    before, after = split(old), split(new)
    pairs = _paired(before, after)
    return [change for one, other in _in_order(before, after, pairs) if (change := _change(one, other)) is not None]


def versions_of(clause: ClauseChange) -> list[tuple[str, list[Piece]]]:
    """(title, pieces) as they are read aloud: "Before" and "Now", or all that was added or removed."""
    match clause.kind:
        case "added":
            return [("Added", list(clause.pieces))]
        case "removed":
            return [("Removed", list(clause.pieces))]
        case "changed":
            before = [piece for piece in clause.pieces if piece.kind != "added"]
            now = [piece for piece in clause.pieces if piece.kind != "removed"]
            return [("Before", before), ("Now", now)] if clause.pieces else []


def _paired(before: Sequence[Part], after: Sequence[Part]) -> dict[int, int]:
    """Index in `after` → index in `before` of the same clause: by heading, else by what it says."""
    by_heading: dict[str, list[int]] = defaultdict(list)
    for number, part in enumerate(before):
        by_heading[part.heading].append(number)
    pairs = {n: by_heading[part.heading].pop(0) for n, part in enumerate(after) if by_heading[part.heading]}
    left = [number for number in range(len(before)) if number not in pairs.values()]
    old_words = {number: Counter(before[number].body.split()) for number in left}
    words = {number: Counter(part.body.split()) for number, part in enumerate(after) if number not in pairs}
    for number in range(len(after)):
        if number not in pairs and left:
            mine = words[number]
            closest = max(left, key=lambda each: _shared(old_words[each], mine))
            if _shared(old_words[closest], mine) >= _SAME_CLAUSE:
                pairs[number] = closest
                left.remove(closest)
    return pairs


def _in_order(
    before: Sequence[Part], after: Sequence[Part], pairs: dict[int, int]
) -> Iterator[tuple[Part | None, Part | None]]:
    gone = [number for number in range(len(before)) if number not in pairs.values()]
    for number, part in enumerate(after):
        place = pairs.get(number)
        while place is not None and gone and gone[0] < place:
            yield before[gone.pop(0)], None
        yield (None if place is None else before[place]), part
    yield from ((before[number], None) for number in gone)


def _change(old: Part | None, new: Part | None) -> ClauseChange | None:
    if new is None:
        assert old is not None
        return ClauseChange(old.heading, "removed", tuple(_all(old.body, "removed")))
    if old is None:
        return ClauseChange(new.heading, "added", tuple(_all(new.body, "added")))
    pieces = tuple(_shortened(_compared(sentences(old.body), sentences(new.body))))
    if old.heading == new.heading and not pieces:
        return None
    return ClauseChange(new.heading, "changed", pieces, old.heading if old.heading != new.heading else None)


def _all(body: str, kind: Kind) -> Iterator[Piece]:
    return (Piece(kind, sentence.text, sentence.opens) for sentence in sentences(body))


def _compared(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, [each.text for each in old], [each.text for each in new])
    for word, i1, i2, j1, j2 in matcher.get_opcodes():
        if word == "equal":
            yield from (Piece("same", each.text, each.opens) for each in new[j1:j2])
        else:
            yield from _replaced(old[i1:i2], new[j1:j2])


def _replaced(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[Piece]:
    for before, after in zip_longest(old, new):
        if before and after and _likeness(before.text, after.text) >= _ALIKE:
            yield from _by_words(before, after)
            continue
        if before:
            yield Piece("removed", before.text, before.opens)
        if after:
            yield Piece("added", after.text, after.opens)


def _by_words(before: Sentence, after: Sentence) -> Iterator[Piece]:
    old, new = _words(before.text), _words(after.text)
    opens = after.opens
    for word, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        same = word == "equal"
        for kind, words in (("removed", [] if same else old[i1:i2]), ("same" if same else "added", new[j1:j2])):
            if text := "".join(words).strip():
                yield Piece(kind, text, opens)  # type: ignore[arg-type]
                opens = False


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*", text)


def _shortened(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without the sentences far from any change; nothing at all when there is no change."""
    every = list(pieces)
    changed = [number for number, piece in enumerate(every) if piece.kind != "same"]
    shown = {near for number in changed for near in range(number - _AROUND, number + _AROUND + 1)}
    skipped = False
    for number, piece in enumerate(every):
        if number in shown:
            yield piece
        elif changed and not skipped:
            yield Piece("same", ELLIPSIS, piece.opens)
        skipped = number not in shown


def _shared(one: Counter[str], other: Counter[str]) -> float:
    """From 0 to 1: how many words the two share, in whatever order."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _likeness(one: str, other: str) -> float:
    """From 0 to 1: how many words the two share, in order."""
    return SequenceMatcher(None, one.split(), other.split()).ratio()
