"""Two backups around one submission: what they say to whoever lays them side by side."""

import re

from sqlalchemy import Engine

from bot.pulse.sealing import SEALED
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.forensics import plain
from tests.pulse.forensics.places import difference, dump
from tests.pulse.world import begin, vote

PERSON = "U0ALICE"
COMMENT = "What only Alice would say"
# As SQLite and as PostgreSQL write bytes into a dump.
BYTES = re.compile(r"X'([0-9A-F]+)'|\\\\x([0-9a-f]+)")


def bytes_in(line: str) -> list[int]:
    """The lengths of all binary values of a row."""
    return [len(one or other) // 2 for one, other in BYTES.findall(line)]


def submission(candor: Candor, disk: Engine, wave: Wave, option: str, comment: str | None) -> tuple[str, str | None]:
    """Cast a ballot between two backups; the row that only the later one has, and that only the earlier one has."""
    before = dump(disk)
    vote(candor, wave, PERSON, {"gaming": option}, comment=comment)
    gone, came = difference(before, dump(disk))
    assert len(came) == 1
    assert len(gone) <= 1
    return came[0], gone[0] if gone else None


def test_they_differ_in_one_tag_and_one_ciphertext_of_one_length(candor: Candor, disk: Engine) -> None:
    candor.join(PERSON)
    wave = begin(candor)
    for option, comment in (("1", None), ("5", COMMENT), ("0", "\U0001f9ea" * 500)):
        row, _gone = submission(candor, disk, wave, option, comment)
        assert bytes_in(row) == [32, SEALED]
        assert wave.id in row
        # Nothing but the tag, the wave and the ciphertext.
        assert len(row) < 2 * (32 + SEALED) + 120
        assert PERSON not in row


def test_a_changed_ballot_is_one_row_in_the_place_of_another_with_the_same_tag(candor: Candor, disk: Engine) -> None:
    wave = begin(candor)
    first, _ = submission(candor, disk, wave, "1", None)
    second, gone = submission(candor, disk, wave, "5", COMMENT)
    assert gone == first
    assert first != second
    assert len(first) == len(second)
    tags = [BYTES.findall(row)[0] for row in (first, second)]
    assert tags[0] == tags[1]


def test_the_same_answers_sealed_twice_do_not_look_alike(candor: Candor, disk: Engine) -> None:
    wave = begin(candor)
    first, _ = submission(candor, disk, wave, "3", COMMENT)
    second, _ = submission(candor, disk, wave, "3", COMMENT)
    assert BYTES.findall(first)[1] != BYTES.findall(second)[1]


def test_two_backups_of_a_plain_design_say_who_gave_which_answer(candor: Candor, beside: Engine) -> None:
    """The counter-proof: one answer is new, and one name in the list of those who have voted."""
    before = dump(beside)
    plain.vote(beside, PERSON, COMMENT)
    _gone, came = difference(before, dump(beside))
    assert [COMMENT in "".join(came), PERSON in "".join(came), len(came)] == [True, True, 2]
