"""Worker processes, telling them what to do, and hearing what became of them."""

import contextlib
import multiprocessing
from collections.abc import Iterator
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

from tests.faults import worker
from tests.faults.clock import SharedClock
from tests.faults.worker import Job, Order, Said, Word

ROOT = Path(__file__).parents[2]
# For a busy machine; a quiet one needs a hundredth of it.
PATIENCE_S = 120


class Process:
    """The harness's end of one process."""

    def __init__(self, context: ForkServerContext, clock: SharedClock):
        self.wire, other = context.Pipe()
        self.process = context.Process(target=worker.main, args=(other, clock), daemon=True)
        self.process.start()
        other.close()

    @property
    def alive(self) -> bool:
        return self.process.exitcode is None

    def send(self, what: Order | Job | None) -> None:
        """One that has died meanwhile is told in vain."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wire.send(what)

    def receive(self) -> Said:
        """What it says next; DEAD when it has ended. Raises `TimeoutError` when it says nothing."""
        try:
            if not self.wire.poll(PATIENCE_S):
                raise TimeoutError("a worker says nothing any more")
            said = self.wire.recv()
        except (EOFError, ConnectionResetError):
            self.process.join(PATIENCE_S)
            return Said(Word.DEAD)
        assert isinstance(said, Said)
        return said

    def end(self) -> None:
        self.send(None)
        self.process.join(1)
        if self.alive:
            self.process.kill()
            self.process.join()
        self.wire.close()
        self.process.close()


class Worker:
    """One process at one job: what it was told and what it said. `exit_code` is None while it lives."""

    def __init__(self, process: Process, job: Job):
        self.job = job
        self.planned = 0
        self.troubles: list[str] = []
        self.exit_code: int | None = None
        self._process = process
        process.send(job)
        if self.hear(Word.READY) is Word.DEAD:
            raise RuntimeError(f"{job.name} did not start")

    @property
    def alive(self) -> bool:
        return self.exit_code is None

    @property
    def pid(self) -> int:
        return self._process.process.pid or 0

    def tell(self, order: Order) -> None:
        self._process.send(order)

    def hear(self, *words: Word) -> Word:
        """The next of these words, or DEAD."""
        while True:
            said = self._process.receive()
            self.planned += said.planned
            self.troubles += [trouble for trouble in said.troubles if trouble not in self.troubles]
            if said.word is Word.DEAD:
                self.exit_code = self._process.process.exitcode
            if said.word in (*words, Word.DEAD):
                return said.word

    def tick(self) -> Word:
        """Tick alone, and to the end."""
        self.tell(Order.GO)
        return self.hear(Word.DONE)

    def stop(self) -> Process | None:
        """End the job; the process, if it can do another."""
        if self.alive:
            self.tell(Order.STOP)
            self.hear(Word.STOPPED)
        return self._process if self.alive else None


class Fleet:
    """All processes of a harness, and the one clock they live by. One that survives a job is given another."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["__main__", "tests.faults.worker"])
        # It looks for modules where it is started.
        with contextlib.chdir(ROOT):
            forkserver.ensure_running()
        self.clock = SharedClock(self._context)
        self._all: list[Process] = []
        self._idle: list[Process] = []

    def start(self, job: Job) -> Worker:
        """A worker that is ready to tick."""
        if not self._idle:
            self._idle.append(Process(self._context, self.clock))
            self._all.append(self._idle[-1])
        return Worker(self._idle.pop(), job)

    def dismiss(self, worker: Worker) -> None:
        """End its job, once; the process is idle from then on, if it lives."""
        if (process := worker.stop()) is not None:
            self._idle.append(process)

    def end(self) -> None:
        for process in self._all:
            process.end()


@contextlib.contextmanager
def running_fleet() -> Iterator[Fleet]:
    fleet = Fleet()
    try:
        yield fleet
    finally:
        fleet.end()


def tick_both(first: Worker, second: Worker) -> None:
    """Both tick at once; the second begins when the first has claimed, is at its step, or has nothing to claim."""
    first.tell(Order.GO)
    heard = first.hear(Word.CLAIMED, Word.HERE, Word.DONE)
    second.tell(Order.GO)
    if heard not in (Word.DONE, Word.DEAD):
        first.hear(Word.DONE)
    second.hear(Word.DONE)
