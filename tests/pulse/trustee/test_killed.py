"""The trustee's command, killed at every step: neither the tallies nor the key are lost before their time."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.pulse.trustee import keyfile
from bot.pulse.trustee.tallies import verified
from tests.pulse.trustee.council import Council
from tests.pulse.trustee.dying import close

ROOT = Path(__file__).parents[3]


@pytest.fixture
def deaths(council: Council, tmp_path: Path) -> list[Path]:
    """The council's folder as each death left it; the last one is of the process that was let live."""
    council.answered()
    council.hand_over()
    start = tmp_path / "deaths" / "start"
    start.mkdir(parents=True)
    for file in (council.export, council.private):
        shutil.copy(file, start)
    subprocess.run([sys.executable, "-m", "tests.pulse.trustee.dying", str(start)], cwd=ROOT, check=True, timeout=120)
    return sorted(start.parent.glob("died-*"))


def test_a_kill_at_any_step_leaves_the_key_or_whole_tallies_and_the_next_call_finishes(deaths: list[Path]) -> None:
    assert len(deaths) > 6
    states = set()
    for folder in deaths:
        private, tallies = keyfile.read_private(folder / keyfile.PRIVATE), folder / "tallies.json"
        states.add((private.left, tallies.exists()))
        if private.left == 2 or tallies.exists():
            assert verified(tallies.read_bytes(), private.verifying).opened == 12
        close(folder)
        assert keyfile.read_private(folder / keyfile.PRIVATE).left == 2
    assert states == {(3, False), (3, True), (2, True)}
    assert len({(folder / "tallies.json").read_bytes() for folder in deaths}) == 1
