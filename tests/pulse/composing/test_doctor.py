"""What `candor doctor` says of the rhythm."""

from datetime import timedelta
from typing import Any

from bot.pulse.composing.health import examine
from bot.pulse.trustee.keyfile import PUBLIC, keygen
from tests.candor import PUBLISHED, Candor
from tests.pulse.composing.acts import at
from tests.pulse.world import begin


def found(candor: Candor, **changes: Any) -> list[tuple[str, bool, str]]:
    settings = candor.services.settings.model_copy(update=changes)
    return list(examine(settings, candor.sessions, candor.clock()))


def test_it_says_when_the_next_pulse_opens_by_itself(candor: Candor) -> None:
    assert found(candor) == [("next pulse", True, "opens by itself from 24 November 2026 on, every 12 weeks")]


def test_while_one_is_open_the_next_waits_for_it(candor: Candor) -> None:
    begin(candor)
    assert found(candor) == [("next pulse", True, "after pulse 1, which has not ended")]


def test_a_pulse_that_should_have_opened_and_has_not_is_told_with_the_mend(candor: Candor) -> None:
    candor.clock.now = at(24, 8, 59)
    assert found(candor)[0][1]
    candor.clock.now = at(24, 9, 1)
    ((_, well, said),) = found(candor)
    assert not well and "has been due since 24 November 2026" in said


def test_over_a_weekend_a_pulse_that_is_due_is_not_late(candor: Candor) -> None:
    candor.clock.now = at(28, 12)
    assert found(candor) == [("next pulse", True, "opens by itself from 30 November 2026 on, every 12 weeks")]


def test_before_a_policy_is_in_force_nothing_is_wrong(candor: Candor) -> None:
    candor.clock.now = PUBLISHED - timedelta(days=1)
    assert [well for _, well, _ in found(candor)] == [True]


def test_the_trustees_fingerprint_is_shown_and_a_file_that_cannot_be_used_is_told(candor: Candor) -> None:
    folder = candor.services.settings.keys / "trustee"
    fingerprint = keygen(folder, 1)
    assert found(candor, trustee=folder / PUBLIC)[1] == (
        "trustee", True, f"the next pulse is sealed for {fingerprint}"
    )  # fmt: skip
    (folder / PUBLIC).write_text("{}")
    name, well, said = found(candor, trustee=folder / PUBLIC)[1]
    assert (name, well) == ("trustee", False) and str(folder / PUBLIC) in said
