"""A copy of the tree, a mistake in it, and what the tests say there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.mutations.mutations import Edit

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "storage", "tests")
FILES = ("pyproject.toml", "manifest.yml")
PATIENCE_S = 300


@dataclass(frozen=True)
class Verdict:
    """How a run of pytest ended; `failure` is the message of the first test that failed, `error` of what broke."""

    passed: int
    failure: str | None = None
    error: str | None = None

    @property
    def caught(self) -> bool:
        """A test said that something is not as it should be; anything that merely broke down proves nothing."""
        said = self.failure or ""
        return self.error is None and said.startswith(("assert ", "AssertionError"))


def copy(folder: Path, edits: Sequence[Edit] = ()) -> Path:
    """A copy of the tree in `folder` with the edits made. Raises ValueError for one that does not fit."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, folder / file)
    for edit in edits:
        target = folder / edit.path
        target.write_text(mutated(edit, target.read_text()))
    return folder


def mutated(edit: Edit, text: str) -> str:
    """The file's text with the mistake in it. Raises ValueError when the edit does not fit exactly once."""
    if (found := text.count(edit.old)) != 1:
        raise ValueError(f"the mutation of {edit.path} has to be brought up to date: {found} times {edit.old!r}")
    return text.replace(edit.old, edit.new)


def imported_from(folder: Path) -> list[Path]:
    """Where the packages come from for a Python that works in the copy."""
    asked = "import bot, storage, tests; print(*(each.__file__ for each in (bot, storage, tests)), sep='\\n')"
    answer = _python(folder, "-c", asked)
    assert answer.returncode == 0, answer.stderr
    return [Path(line) for line in answer.stdout.splitlines()]


def judge(folder: Path, *tests: str, **variables: str) -> Verdict:
    """Run these tests in the copy, on SQLite, up to the first that fails; `variables` are its environment's."""
    report = folder / "report.xml"
    options = ("-x", "-q", "-k", "sqlite", "-p", "no:cacheprovider", f"--junitxml={report}")
    end = _python(folder, "-m", "pytest", *options, *tests, **variables)
    if not report.exists():
        return Verdict(0, error=end.stdout + end.stderr)
    [suite] = ElementTree.parse(report).getroot()
    passed = sum(not len(case) for case in suite.iter("testcase"))
    verdict = Verdict(passed, failure=_message(suite, "failure"), error=_message(suite, "error"))
    assert verdict.failure or verdict.error or end.returncode == 0, end.stdout + end.stderr
    return verdict


def _message(suite: ElementTree.Element, kind: str) -> str | None:
    found = suite.find(f"testcase/{kind}")
    return None if found is None else found.get("message", "")


def _python(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # Nothing of the outer run reaches the inner one: not its options, not its plugins' variables.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CANDOR_"))}
    environment |= {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **variables}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
