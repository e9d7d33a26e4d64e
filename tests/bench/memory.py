"""The memory of work that a process does which does nothing else."""

import multiprocessing
import resource
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ParamSpec

from bot.logs import configure_logs

P = ParamSpec("P")

STATUS = Path("/proc/self/status")


def peak_mb(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    """Run `work` in a new process; returns the most memory that this process held, in MB, its libraries included."""
    spawn = multiprocessing.get_context("spawn")
    told, tell = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_run, args=(tell, work, args, kwargs))
    process.start()
    tell.close()
    try:
        peak: float = told.recv()
        return peak
    except EOFError:
        raise RuntimeError("the work whose memory was to be measured failed") from None
    finally:
        process.join()


def _run(tell: Connection, work: Callable[..., object], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    configure_logs("WARNING")
    work(*args, **kwargs)
    tell.send(own_peak_mb())


def own_peak_mb() -> float:
    """The most memory that this process has held so far, in MB."""
    # Linux's ru_maxrss begins with what the parent held when it started this process: it would hide any growth.
    if STATUS.exists():
        line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
