"""What the trustee hands back: what everybody will be shown, signed, and the few numbers by which it is checked.

The counts behind the bands stay with the trustee. Of each question that is shown, only how many answered it goes back,
so that the server can see that there are no more votes than ballots.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import OperatorError
from bot.pulse.ballot.answers import cleaned
from bot.pulse.banding import BANDS, Cell, Publishable, gates_of
from bot.pulse.questions import LONGEST_COMMENT, Question
from bot.pulse.tallying import Counted, Segment
from bot.pulse.trustee.disk import canonical, read_json
from bot.pulse.trustee.export import Header, WaveId
from bot.pulse.trustee.keyfile import Hex32

_SIGNED = b"candor pulse tallies\0"
_Band = Annotated[int, Field(strict=True, ge=0, lt=BANDS)]
_Number = Annotated[int, Field(strict=True, ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(_Part):
    """What is shown of one question for one segment: as in `banding.Cell`."""

    question: str
    segment: Segment
    share: _Band | None
    unsure: _Band | None


class Tallies(_Part):
    """The outcome of one wave. `export` is the mark of the export that was opened; `opened` and `left_out` say how many
    of its ballots could be; `answered`, by question, how many of them answered it."""

    format: Literal["candor trustee: tallies"] = "candor trustee: tallies"
    version: Literal[1] = 1
    wave: WaveId
    number: _Number
    export: Hex32
    opened: _Number
    left_out: _Number
    answered: dict[str, _Number]
    cells: tuple[Shown, ...]
    comments: tuple[Annotated[str, Field(min_length=1, max_length=LONGEST_COMMENT)], ...]

    @property
    def publishable(self) -> Publishable:
        """What is to be stored."""
        return Publishable(tuple(Cell(**dict(cell)) for cell in self.cells), self.comments)


def tallies_of(header: Header, counted: Counted, found: Publishable) -> Tallies:
    """The tallies of an export that was counted."""
    shown = sorted({cell.question for cell in found.cells})
    return Tallies(
        wave=header.wave,
        number=header.number,
        export=header.mark,
        opened=counted.ballots,
        left_out=header.ballots - counted.ballots,
        answered={question: counted.of(question, "everyone").total() for question in shown},
        cells=tuple(Shown(**vars(cell)) for cell in found.cells),
        comments=_readable(found.comments),
    )


def _readable(comments: Iterable[str]) -> tuple[str, ...]:
    """The comments as the form would have cleaned them: what came in by another way would have all others refused."""
    kept = {text for text in map(cleaned, comments) if text is not None and len(text) <= LONGEST_COMMENT}
    return tuple(sorted(kept))


def signed(tallies: Tallies, signer: Ed25519PrivateKey) -> bytes:
    """The file: the same bytes for the same tallies and key."""
    body = tallies.model_dump(mode="json")
    return canonical({"tallies": body, "signature": signer.sign(_SIGNED + canonical(body)).hex()}) + b"\n"


def verified(raw: bytes, verifying: bytes) -> Tallies:
    """The tallies in a file that the owner of this key signed; raises `OperatorError` for any other."""
    body = _body(raw)
    try:
        signature = bytes.fromhex(body["signature"])
        Ed25519PublicKey.from_public_bytes(verifying).verify(signature, _SIGNED + canonical(body["tallies"]))
    except (InvalidSignature, ValueError, TypeError, KeyError):
        raise OperatorError("the signature is not the trustee's: the tallies were changed, or are others.") from None
    return _parsed(body["tallies"])


def wave_of(raw: bytes) -> str:
    """The wave that a file says it is about, before its signature is checked; raises `OperatorError`."""
    return _parsed(_body(raw).get("tallies")).wave


def fault(tallies: Tallies, header: Header) -> str | None:
    """Why signed tallies cannot be those of this export; None when they can."""
    questions = {question.id for question in header.questions if question.scale is not None}
    if tallies.export != header.mark or tallies.number != header.number:
        return "they are of other ballots than the server has: was the export made anew, or the database restored?"
    if tallies.opened + tallies.left_out != header.ballots:
        return "they are of another number of ballots than the server has."
    if any(number > tallies.opened for number in tallies.answered.values()):
        return "they have more votes than there are ballots."
    return _cell_fault(tallies, header, questions) or _comment_fault(tallies, header, header.questions)


def _cell_fault(tallies: Tallies, header: Header, questions: Collection[str]) -> str | None:
    cells = [(cell.question, cell.segment) for cell in tallies.cells]
    shown = {question for question, _segment in cells}
    if shown - set(questions) or set(tallies.answered) != shown:
        return "they have answers to questions that the pulse did not ask."
    if len(set(cells)) != len(cells) or any((question, "everyone") not in cells for question in shown):
        return "they have a question twice, or a part of it without the whole."
    if any(tallies.answered[question] < header.smallest_group for question in shown):
        return "they show a question that too few have answered."
    return next(filter(None, (_group_fault(parts, header, tallies) for parts in _by_question(tallies))), None)


def _by_question(tallies: Tallies) -> Iterable[Mapping[Segment, Shown]]:
    found: dict[str, dict[Segment, Shown]] = defaultdict(dict)
    for cell in tallies.cells:
        found[cell.question][cell.segment] = cell
    return found.values()


def _group_fault(parts: Mapping[Segment, Shown], header: Header, tallies: Tallies) -> str | None:
    """Why one question cannot be shown by these groups: the rules of `banding`, as far as bands and totals tell."""
    whole, leaders, others = parts["everyone"], parts.get("leaders"), parts.get("others")
    if whole.unsure is None:
        return "they do not say how many do not know."
    if leaders is None and others is None:
        return None
    if leaders is None or others is None:
        return "they show one group without the other."
    if leaders.unsure is not None or others.unsure is not None:
        return "they say by group who does not know."
    if whole.share is None or leaders.share is None or others.share is None:
        return "they show groups without the whole, or a group without its share."
    if tallies.answered[whole.question] < 2 * gates_of(header).smallest:
        return "they show groups that are too small."
    if not min(leaders.share, others.share) <= whole.share <= max(leaders.share, others.share):
        return "they have a whole that is not between its two groups."
    return None


def _comment_fault(tallies: Tallies, header: Header, questions: Collection[Question]) -> str | None:
    if not tallies.comments:
        return None
    if all(question.scale is not None for question in questions):
        return "they have comments, for which the pulse did not ask."
    if tallies.opened < max(header.smallest_group, header.smallest_group_comments):
        return "they have comments, though too few have answered for comments to be shown."
    if len(tallies.comments) > tallies.opened or list(tallies.comments) != sorted(set(tallies.comments)):
        return "they have more comments than ballots, or one twice, or not in their order."
    if any(cleaned(comment) != comment for comment in tallies.comments):
        return "they have a comment that the form would not have taken so."
    return None


def _body(raw: bytes) -> dict[str, Any]:
    try:
        body = read_json(raw)
    except ValueError:
        raise _no_tallies() from None
    if not isinstance(body, dict):
        raise _no_tallies()
    return body


def _parsed(body: Any) -> Tallies:
    try:
        return Tallies.model_validate(body)
    except ValidationError:
        raise _no_tallies() from None


def _no_tallies() -> OperatorError:
    return OperatorError("the file has no tallies of a pulse, or has values that tallies cannot have.")
