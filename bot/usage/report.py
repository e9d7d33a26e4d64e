"""What happened to the rows of a file: counts, and reasons by line. Never a value, never a name."""

from dataclasses import dataclass, field
from typing import Literal

MOST_SHOWN = 100

Part = Literal["usage", "logins"]


@dataclass(frozen=True)
class Rejection:
    """What could not be taken. `row` counts the rows of a JSON file, whose lines say little; `column` is ours."""

    line: int
    reason: str
    column: str | None = None
    row: int | None = None
    part: Part = "usage"

    def __str__(self) -> str:
        where = f"line {self.line}" if self.row is None else f"line {self.line}, row {self.row}"
        if self.part == "logins":
            where = f"logins, {where}"
        return f"{where}: {self.reason}" if self.column is None else f"{where}, column {self.column}: {self.reason}"


@dataclass
class Report:
    """The running counts of one import; the first rejections are kept, all are counted."""

    part: Part = "usage"
    kept: int = 0
    dropped: int = 0
    rejected_total: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    unfinished: bool = False

    @property
    def read(self) -> int:
        return self.kept + self.dropped + self.rejected_total

    def reject(self, line: int, reason: str, column: str | None = None, row: int | None = None) -> None:
        self.rejected_total += 1
        if len(self.rejected) < MOST_SHOWN:
            self.rejected.append(Rejection(line, reason, column, row, self.part))


class Refused(Exception):
    """The file cannot be read as a whole. The message is for the operator and carries no value of the file."""

    def __init__(self, reason: str, column: str | None = None, line: int = 1, part: Part = "usage") -> None:
        super().__init__(reason)
        self.rejection = Rejection(line, reason, column, part=part)

    def of(self, part: Part) -> "Refused":
        """The same, said of the other file."""
        return Refused(self.rejection.reason, self.rejection.column, self.rejection.line, part)
