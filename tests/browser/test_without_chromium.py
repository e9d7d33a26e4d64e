"""A machine without Chromium: one line says that the suite was skipped, and where CI is set that is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.skipping import HERE, SKIPPED


def _run(nothing_on_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", str(HERE), "-p", "no:cacheprovider", *arguments],
        env=kept | {"PATH": str(nothing_on_path)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("workers", ["0", "1"])
@pytest.mark.parametrize(("environment", "exit_code"), [({}, 0), ({"CI": "true"}, 1)])
def test_a_skipped_suite_says_so_in_one_line_and_fails_in_ci(
    tmp_path: Path, environment: dict[str, str], exit_code: int, workers: str
) -> None:
    run = _run(tmp_path, "-n", workers, **environment)
    assert run.returncode == exit_code
    assert run.stdout.count(SKIPPED) == 1
    assert "passed" not in run.stdout
