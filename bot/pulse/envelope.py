"""One ballot as bytes of one fixed length: no length tells what was answered, or how much was written."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from bot.pulse.questions import LONGEST_COMMENT

LENGTH = 2560
_SIZES = struct.Struct(">HH")


@dataclass(frozen=True)
class Ballot:
    """What one person answers: the chosen option by the question's id, a comment, and whether they lead people."""

    answers: Mapping[str, str]
    leader: bool
    comment: str | None = None


def pack(ballot: Ballot) -> bytes:
    """The ballot as `LENGTH` bytes; raises `ValueError` when it does not fit or the comment is too long."""
    comment = (ballot.comment or "").encode()
    if len(ballot.comment or "") > LONGEST_COMMENT:
        raise ValueError(f"a comment has at most {LONGEST_COMMENT} characters")
    head = json.dumps({"a": dict(ballot.answers), "l": ballot.leader}, separators=(",", ":")).encode()
    packed = _SIZES.pack(len(head), len(comment)) + head + comment
    if len(packed) > LENGTH:
        raise ValueError("the answers do not fit into one ballot")
    return packed.ljust(LENGTH, b"\0")


def unpack(packed: bytes) -> Ballot:
    """The ballot that `pack` made these bytes of; raises `ValueError` for any others."""
    try:
        head_size, comment_size = _SIZES.unpack_from(packed)
        start, end = _SIZES.size + head_size, _SIZES.size + head_size + comment_size
        if len(packed) != LENGTH or end > LENGTH:
            raise ValueError("not a ballot")
        head = json.loads(packed[_SIZES.size : start])
        comment = packed[start:end].decode()
        return Ballot(answers=dict(head["a"]), leader=bool(head["l"]), comment=comment or None)
    except (struct.error, KeyError, TypeError) as error:
        raise ValueError("not a ballot") from error
