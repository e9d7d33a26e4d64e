"""A council beside the bot."""

from pathlib import Path

import pytest

from bot.pulse.trustee.keyfile import keygen
from tests.candor import Candor
from tests.pulse.trustee.council import Council


@pytest.fixture
def council(candor: Candor, tmp_path: Path) -> Council:
    folder, shared = tmp_path / "council", tmp_path / "shared"
    shared.mkdir()
    keygen(folder, waves=3)
    return Council(candor, folder, shared)


@pytest.fixture
def counted(council: Council) -> Council:
    council.answered()
    council.hand_over()
    council.count()
    return council
