"""What a bench finds out: one line each, in a table and in bench.json."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Line:
    """Our figure beside the floor's, both in `unit`. Without a target, `holds` is None: for information only."""

    name: str
    ours: float
    floor: float
    unit: str
    target: str | None = None
    holds: bool | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


def at_most_times(name: str, ours: float, floor: float, unit: str, limit: float) -> Line:
    """Holds when ours is at most `limit` times the floor."""
    return Line(name, ours, floor, unit, f"ratio ≤ {limit:g}", ours <= limit * floor)


def at_most(name: str, ours: float, floor: float, unit: str, limit: float) -> Line:
    """Holds when ours is at most `limit`, whatever the floor."""
    return Line(name, ours, floor, unit, f"ours ≤ {limit:g} {unit}", ours <= limit)


def write(lines: Sequence[Line], path: Path) -> None:
    """Write the list of {name, ours, floor, unit, ratio, target, holds}."""
    rows = [
        {
            "name": line.name,
            "ours": line.ours,
            "floor": line.floor,
            "unit": line.unit,
            "ratio": line.ratio,
            "target": line.target,
            "holds": line.holds,
        }
        for line in lines
    ]
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def show(lines: Sequence[Line], console: Console) -> None:
    table = Table(title="Candor against the floor")
    for heading in ("bench", "ours", "floor", "unit", "ratio", "target", "holds"):
        table.add_column(heading, justify="right" if heading in ("ours", "floor", "ratio") else "left")
    for line in lines:
        holds = {True: "yes", False: "[bold]NO[/bold]", None: "–"}[line.holds]
        figures = (f"{line.ours:.4g}", f"{line.floor:.4g}", line.unit, f"{line.ratio:.2f}")
        table.add_row(line.name, *figures, line.target or "for information", holds)
    console.print(table)
