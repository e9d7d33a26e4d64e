"""The file in which ballots go to the trustee: one line that says what they are, then nothing but ciphertexts.

No tag leaves the server, and the ciphertexts stand in their own order. The same database always gives the same bytes,
so the hash of the first line, which holds the hash of the rest, stands for the whole file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import OperatorError
from bot.pulse.questions import MOST, Question
from bot.pulse.sealing import CIPHERTEXT
from bot.pulse.trustee.disk import canonical
from bot.pulse.trustee.keyfile import Hex32, grouped

_LONGEST_LINE = 100_000
WaveId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Header(BaseModel):
    """What the trustee is told of a wave. `ballots` is the number of ciphertexts that follow, `sha256` their hash."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["candor pulse: sealed ballots"] = "candor pulse: sealed ballots"
    version: Literal[1] = 1
    wave: WaveId
    number: Annotated[int, Field(ge=1)]
    closes_at: AwareDatetime
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=MOST)]
    smallest_group: Annotated[int, Field(ge=1)]
    smallest_group_comments: Annotated[int, Field(ge=1)]
    public_key: Hex32
    trustee: Hex32
    ballots: Annotated[int, Field(ge=0)]
    sha256: Hex32

    @property
    def line(self) -> bytes:
        """The first line of the file, with its end."""
        return canonical(self.model_dump(mode="json")) + b"\n"

    @property
    def mark(self) -> str:
        """The hash that stands for the whole export, in hex."""
        return sha256(self.line).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The mark as people compare it with what the bot has posted."""
        return grouped(self.mark)


@contextmanager
def opened_export(file: Path) -> Iterator[tuple[Header, BinaryIO]]:
    """The header of an export, and the stream at its first ciphertext; raises `OperatorError`."""
    try:
        with file.open("rb") as stream:
            yield _header(file, stream), stream
    except OSError as error:
        raise OperatorError(f"{file}: {error.strerror}.") from None


def require_whole(file: Path, header: Header, stream: BinaryIO) -> None:
    """Read all ciphertexts, and go back to the first; raises `OperatorError` unless they are the header's, in their
    order and each of them once."""
    start, before, found, number = stream.tell(), b"", sha256(), 0
    for ciphertext in ciphertexts(stream):
        if len(ciphertext) != CIPHERTEXT or ciphertext <= before:
            raise _damaged(file)
        found.update(ciphertext)
        before, number = ciphertext, number + 1
    if (number, found.hexdigest()) != (header.ballots, header.sha256):
        raise _damaged(file)
    stream.seek(start)


def ciphertexts(stream: BinaryIO) -> Iterator[bytes]:
    """Each ciphertext from here on; the last one is shorter where the file was cut off."""
    while ciphertext := stream.read(CIPHERTEXT):
        yield ciphertext


def _header(file: Path, stream: BinaryIO) -> Header:
    line = stream.readline(_LONGEST_LINE)
    try:
        header = Header.model_validate_json(line)
    except ValidationError:
        raise OperatorError(f"{file} is not an export of sealed ballots.") from None
    if header.line != line:
        raise _damaged(file)
    return header


def _damaged(file: Path) -> OperatorError:
    return OperatorError(f"{file} is damaged or was changed: ask for a new export. Nothing was opened.")
