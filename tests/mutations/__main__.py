"""`python -m tests.mutations [--only NAME]`: every mistake, one after the other; exit 1 when one survives."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.copies import Verdict, copy, imported_from, judge
from tests.mutations.mutations import ALL, STATEFUL, Mutation

# Three times what the rarest of those that it has to find takes, from its own seed.
FURTHER = {"CANDOR_EXAMPLES": "300", "CANDOR_SEED": "20261123", "CANDOR_SHRINK": "no"}


@dataclass(frozen=True)
class Line:
    """What became of one mistake: `seen` by its tests, `played` by the state machine (None: not asked)."""

    seen: bool
    played: bool | None
    seconds: float

    @property
    def survives(self) -> bool:
        return not self.seen or self.played is False


def attempt(mutation: Mutation) -> Line:
    with tempfile.TemporaryDirectory(prefix="candor-mutation-") as path:
        folder = copy(Path(path), mutation.edits)
        began = time.monotonic()
        seen = judge(folder, *mutation.seen_by).caught
        played = judge(folder, STATEFUL, **FURTHER).caught if mutation.played else None
        return Line(seen, played, time.monotonic() - began)


def unmutated(mutations: Sequence[Mutation]) -> Verdict:
    """What the same tests say of the tree as it is."""
    with tempfile.TemporaryDirectory(prefix="candor-mutation-") as path:
        folder = copy(Path(path))
        assert all(where.is_relative_to(folder) for where in imported_from(folder))
        return judge(folder, *sorted({test for mutation in mutations for test in mutation.seen_by}), STATEFUL)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations")
    parser.add_argument("--only", choices=[mutation.name for mutation in ALL], metavar="NAME")
    only = parser.parse_args().only
    chosen = [mutation for mutation in ALL if only in (None, mutation.name)]
    before = unmutated(chosen)
    if before.failure or before.error:
        print(f"without a mistake: {before}")
        return 1
    print(f"{'without a mistake':<72} {before.passed} tests pass")
    survivors = 0
    for mutation in chosen:
        line = attempt(mutation)
        survivors += line.survives
        print(f"{mutation.name:<72} {_words(line)} {line.seconds:6.1f} s", flush=True)
    print(f"mutations {len(chosen)}, survived {survivors}")
    return 1 if survivors else 0


def _words(line: Line) -> str:
    tests = "seen by its test" if line.seen else "NOT SEEN BY ITS TEST"
    machine = {None: "", True: "and by the state machine", False: "NOT BY THE STATE MACHINE"}[line.played]
    return f"{tests:<20} {machine:<25}"


if __name__ == "__main__":
    sys.exit(main())
