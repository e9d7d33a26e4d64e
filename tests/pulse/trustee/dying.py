"""A process that dies, as by `kill -9`, whenever the trustee's command is about to open, rename or remove a file.

It is called with the folder of a council whose ballots were exported; for each such moment it leaves a copy of the
folder as that death left it, and at last one in which the command came to its end.
"""

import os
import shutil
import sys
from itertools import count
from pathlib import Path

from bot.pulse.trustee import counting
from bot.pulse.trustee.keyfile import PRIVATE

DIED = 9
_TOUCHING = {"open", "os.rename", "os.remove"}


def close(folder: Path) -> None:
    """What the trustee types, in a folder that holds all three files."""
    counting.close(folder / "ballots.candor", folder / PRIVATE, folder / "tallies.json")


def _die_at(moment: int, folder: Path) -> None:
    """Die just before the file is touched in this folder for the `moment`-th time."""
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event in _TOUCHING and str(arguments[0]).startswith(str(folder)):
            seen += 1
            if seen == moment:
                os._exit(DIED)

    sys.addaudithook(watch)


def _deaths(start: Path) -> None:
    for moment in count(1):
        folder = start.with_name(f"died-{moment:02}")
        shutil.copytree(start, folder)
        child = os.fork()
        if child == 0:
            _die_at(moment, folder)
            close(folder)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != DIED:
            return


if __name__ == "__main__":
    _deaths(Path(sys.argv[1]))
