"""Without Chromium the browser suite is skipped: one line says so, and where CI runs the tests that is a failure.

A plugin of the whole run: with workers (`pytest -n`) the skipping is theirs, and the line and the failure are of the
process that gathers their reports, which never collects the suite itself.
"""

import os
from pathlib import Path

import pytest

from tests.browser.chromium import NAMES, executable

HERE = Path(__file__).parent
SKIPPED = f"browser suite skipped: no Chromium found; install one of {', '.join(NAMES)}"


class Skipping:
    """Skips what needs a browser, and remembers from the reports that it was skipped."""

    def __init__(self) -> None:
        self._skipped = False

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        needing = [item for item in items if item.path.is_relative_to(HERE)]
        if not needing or executable():
            return
        for item in needing:
            item.add_marker(pytest.mark.skip(reason=SKIPPED))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and SKIPPED in report.longreprtext:
            self._skipped = True

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Where CI runs the tests, the suite has to run."""
        if self._skipped and os.environ.get("CI"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._skipped:
            failure = bool(os.environ.get("CI"))
            words = f"{SKIPPED} (a failure, because CI is set)" if failure else SKIPPED
            terminalreporter.write_line(words, red=failure, yellow=not failure)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Skipping())
