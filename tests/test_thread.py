"""The main job, end to end, in one test: opt in, a file, a check-in, the weekly run, the message."""

from datetime import UTC, datetime

from tests.candor import Candor

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_a_person_opts_in_reports_a_week_and_gets_one_private_message_updated_in_place(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code")

    candor.tick_at(MONDAY)
    assert candor.digests("U01") == []

    candor.check_in("U01")
    candor.clock.pass_by(days=7)
    candor.tick()
    (digest,) = candor.digests("U01")
    assert "You have not reported this week" in digest.text

    candor.check_in("U01", saved="1to2")
    (digest,) = candor.digests("U01")
    assert "Saved: 1–2 h" in digest.text
