"""The rules of the house that a machine can hold."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parents[1]
FILES = [path for top in ("bot", "storage") for path in sorted((ROOT / top).rglob("*.py"))]
SOURCES = [path for path in FILES if "versions" not in path.parts]

# Who may read what a person does or reports. Commands, Home for HR, logs and reports are not among them.
READERS = {
    "bot/checkin/listeners.py", "bot/checkin/report.py", "bot/checkin/views.py", "bot/demo/company.py",
    "bot/digest/jobs.py", "bot/digest/reading.py", "bot/held/erase.py", "bot/held/export.py", "bot/held/listeners.py",
    "bot/held/views.py", "bot/home.py", "storage/checkins.py", "storage/digests.py", "storage/holdings.py",
    "storage/matching.py", "storage/org_usage.py", "storage/retention.py", "storage/seasons.py", "storage/tables.py",
    "storage/usage_rows.py",
}  # fmt: skip
FIGURES = {"UsageDay", "CheckIn", "usage_day", "check_in", "storage.checkins", "storage.digests", "storage.held"}


def names_in(path: Path) -> Iterator[str]:
    """Every imported module or name, and every string constant that is a table's name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (alias.name for alias in node.names)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_whoever_comes_to_read_figures_has_to_be_named_here() -> None:
    found = {
        str(path.relative_to(ROOT)) for path in SOURCES if "sandbox" not in path.parts and FIGURES & set(names_in(path))
    }
    assert found == READERS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_passes_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_time_is_passed_in_and_never_reached_for(path: Path) -> None:
    allowed = {"bot/running.py", "bot/cli.py", "bot/sandbox/server.py"}
    if str(path.relative_to(ROOT)) in allowed:
        return
    called = {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}
    assert not called & {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.today"}


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for name, field in Settings.model_fields.items():
        variable = field.alias or f"CANDOR_{name.upper()}"
        assert f"`{variable}`" in readme, variable


def test_no_log_line_is_given_a_body_a_text_or_an_address() -> None:
    """Bodies stay out of logs: no log call is given a body, an event, a text or a note."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
                given = {keyword.arg for keyword in node.keywords}
                assert not given & {"body", "event_body", "text", "note", "email", "value", "payload", "answer"}, path
