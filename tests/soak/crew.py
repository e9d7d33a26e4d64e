"""The workers: started, killed with -9 without warning, replaced, and asked at the end whether they still work."""

import multiprocessing
import random
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from multiprocessing.sharedctypes import Synchronized

from tests.soak.worker import Station, work

# A start then costs milliseconds, not the second that reading all modules takes.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.soak.worker"])


@dataclass(frozen=True)
class Member:
    """One worker; `ticks` is written by its process alone, so that its death leaves no lock behind."""

    process: ForkServerProcess
    ticks: "Synchronized[int]"


class Crew:
    """So many workers at one station, all the time."""

    def __init__(self, station: Station, size: int) -> None:
        self._station = station
        self._members = [self._start() for _ in range(size)]
        self.kills = 0

    @property
    def size(self) -> int:
        return len(self._members)

    def _start(self) -> Member:
        ticks = _PROCESSES.Value("L", lock=False)
        process = _PROCESSES.Process(target=work, args=(self._station, ticks))
        process.start()
        return Member(process, ticks)

    def kill_one(self, chance: random.Random) -> None:
        """Kill -9 one of those that live, and put a new one in its place."""
        place = chance.choice([n for n, member in enumerate(self._members) if member.process.is_alive()])
        process = self._members[place].process
        process.kill()
        process.join()
        self.kills += process.exitcode == -signal.SIGKILL
        self._members[place] = self._start()

    def end(self, patience_s: float) -> int:
        """Tell every worker to stop. How many still ticked until then, and ended in order."""
        before = [member.ticks.value for member in self._members]
        deadline = time.monotonic() + patience_s
        while not all(self._ticking(before)) and time.monotonic() < deadline:
            time.sleep(0.1)
        ticking = self._ticking(before)
        for member in self._members:
            member.process.terminate()
        for member in self._members:
            member.process.join(patience_s)
        ended = [member.process.exitcode == 0 for member in self._members]
        return sum(both == (True, True) for both in zip(ticking, ended, strict=True))

    def _ticking(self, before: Sequence[int]) -> list[bool]:
        return [member.ticks.value > ticks for member, ticks in zip(self._members, before, strict=True)]

    def kill(self) -> None:
        """Leave nothing behind."""
        for member in self._members:
            member.process.kill()
            member.process.join()


@contextmanager
def crew_of(station: Station, size: int) -> Iterator[Crew]:
    """A crew, none of which is left running."""
    crew = Crew(station, size)
    try:
        yield crew
    finally:
        crew.kill()
