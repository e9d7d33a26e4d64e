"""`python -m tests.faults`: the whole matrix, or the part of it that is named; the last line is the count."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from tests.bench.databases import folder, postgres_url
from tests.faults.bases import Base, PostgresBase, SqliteBase, people
from tests.faults.count import Count
from tests.faults.fleet import Fleet, running_fleet
from tests.faults.matrix import Cell, run
from tests.faults.stage import staged
from tests.faults.steps import SLACK, Step

SEED = 20261123
KINDS = ("sqlite", "postgresql")
PEOPLE = people(3)


@contextmanager
def base_of(kind: str) -> Iterator[Base]:
    """A prepared database of this kind; PostgreSQL on a server of its own."""
    with ExitStack() as stack:
        if kind == "sqlite":
            yield SqliteBase(stack.enter_context(folder()), PEOPLE)
        else:
            base = PostgresBase(stack.enter_context(postgres_url()), PEOPLE)
            stack.callback(base.remove)
            yield base


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--step", choices=[step.value for step in Step], action="append")
    parser.add_argument("--slack", choices=SLACK, action="append")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Returns the exit code: 1 when anything was lost, doubled, or not at rest."""
    wanted = arguments(given)
    count, began = Count(), time.monotonic()
    print(f"seed {wanted.seed}", flush=True)
    for kind in [wanted.only] if wanted.only else KINDS:
        with base_of(kind) as base, running_fleet() as fleet:
            for step in wanted.step or Step:
                _row(count, fleet, base, Step(step), wanted)
    print(f"took {time.monotonic() - began:.0f} s", flush=True)
    print(count, flush=True)
    return 0 if count.good else 1


def _row(count: Count, fleet: Fleet, base: Base, step: Step, wanted: argparse.Namespace) -> None:
    print(f"{base.kind:10} {step:17}", end=" ", flush=True)
    for slack in wanted.slack or SLACK:
        with staged(fleet, base) as stage:
            outcome = run(stage, Cell(step, slack, wanted.seed))
        count.add(outcome)
        print("." if outcome.verdict.good and outcome.reached else f"[{count.last}]", end="", flush=True)
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
