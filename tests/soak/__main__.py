"""python -m tests.soak: everything breaks for a while, on both databases; nobody's message is lost or doubled."""

import argparse
import sys
import time

from tests.soak.bases import BASES
from tests.soak.soak import Size, soak
from tests.soak.verdict import NOTHING

SEED = 2026


def main(arguments: list[str]) -> int:
    """1 when a message was lost or doubled, or a worker did not live to the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--people", type=int, default=Size.people, help="to whom a message is owed, on each database")
    parser.add_argument("--minutes", type=float, default=Size.seconds / 60, help="for which everything breaks, on each")
    parser.add_argument("--seed", type=int, default=SEED, help="where all chance comes from")
    parser.add_argument("--only", choices=BASES)
    given = parser.parse_args(arguments)
    size = Size(people=given.people, seconds=given.minutes * 60)
    print(f"seed {given.seed}, {size.people} people, {size.workers} workers", flush=True)
    total = NOTHING
    for kind in [given.only] if given.only else BASES:
        began = time.monotonic()
        verdict = soak(kind, size, given.seed, lambda said: print(said, flush=True))
        print(f"{kind}: {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
        total += verdict
    print(total)
    return 0 if total.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
