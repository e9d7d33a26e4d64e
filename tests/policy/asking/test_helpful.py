"""Was this helpful? Counted once a press, without whose it was."""

import copy
import io

from sqlalchemy import select

from bot.logs import configure_logs
from bot.policy.asking.views import THANKS
from bot.sandbox.model import Message
from storage.tables import SectionFeedback
from tests.candor import Candor
from tests.policy.asking.world import ask, issue, quotes_in, words_in

KEPT = "How long do you keep my figures?"


def counted(candor: Candor) -> dict[tuple[str, bool], int]:
    with candor.sessions() as session:
        return {(row.heading, row.helpful): row.count for row in session.scalars(select(SectionFeedback))}


def answered(candor: Candor, user_id: str = "U01") -> Message:
    candor.join(user_id)
    return ask(candor, user_id, KEPT)


def test_a_press_is_counted_for_version_and_heading_and_the_buttons_go(candor: Candor) -> None:
    policy = issue(candor, weeks=20)
    answer = answered(candor)
    candor.sandbox.user("U01").press("asking.helped", message=answer)
    assert counted(candor) == {("How long figures stay", True): 1}
    with candor.sessions() as session:
        assert session.scalars(select(SectionFeedback.policy_hash)).all() == [policy.hash]  # type: ignore[call-overload]
    assert THANKS in words_in(answer.blocks)
    assert "asking.helped" not in str(answer.blocks)
    assert quotes_in(answer.blocks)
    assert answer.metadata is not None


def test_yes_and_no_of_several_people_add_up(candor: Candor) -> None:
    issue(candor, weeks=20)
    for user_id, action in (("U01", "asking.helped"), ("U02", "asking.not_helped"), ("U03", "asking.helped")):
        answer = answered(candor, user_id)
        candor.sandbox.user(user_id).press(action, message=answer)
    assert counted(candor) == {("How long figures stay", True): 2, ("How long figures stay", False): 1}


def test_a_press_that_is_replayed_counts_once_also_as_the_opposite(candor: Candor) -> None:
    issue(candor, weeks=20)
    answer = answered(candor)
    candor.sandbox.user("U01").press("asking.helped", message=answer)
    payload = candor.sandbox.last_payload("interactive")
    candor.sandbox.send_raw(payload, "interactive")
    opposite = copy.deepcopy(payload)
    opposite["actions"][0]["action_id"] = "asking.not_helped"
    candor.sandbox.send_raw(opposite, "interactive")
    assert counted(candor) == {("How long figures stay", True): 1}


def test_the_press_of_somebody_elses_button_is_refused_and_not_counted(candor: Candor) -> None:
    issue(candor, weeks=20)
    answer = answered(candor)
    candor.join("U02")
    candor.sandbox.user("U01").press("asking.helped", message=answer)
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["user"]["id"] = "U02"
    payload["actions"][0]["value"] = payload["actions"][0]["value"][:-1] + "0"
    candor.sandbox.send_raw(payload, "interactive")
    assert counted(candor) == {("How long figures stay", True): 1}


def test_in_a_modal_the_buttons_turn_into_thanks(candor: Candor) -> None:
    issue(candor, weeks=20)
    candor.join("U01")
    user = candor.sandbox.user("U01")
    user.command("/candor", f"ask {KEPT}")
    user.press("asking.not_helped")
    assert counted(candor) == {("How long figures stay", False): 1}
    assert THANKS in words_in(candor.top_modal("U01"))
    assert quotes_in(candor.top_modal("U01")["blocks"])


def test_a_press_in_a_modal_that_was_closed_meanwhile_counts(candor: Candor) -> None:
    issue(candor, weeks=20)
    candor.join("U01")
    user = candor.sandbox.user("U01")
    user.command("/candor", f"ask {KEPT}")
    user.press("asking.helped")
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    user.close_modal()
    payload["actions"][0]["value"] = payload["actions"][0]["value"][:-16] + "0123456789abcdef"
    candor.sandbox.send_raw(payload, "interactive")
    assert counted(candor) == {("How long figures stay", True): 2}


def test_a_button_that_carries_something_else_counts_nothing(candor: Candor) -> None:
    issue(candor, weeks=20)
    answer = answered(candor)
    for value in ("U01|9.0.0123456789abcdef", "U01|2.99.0123456789abcdef", "U01|", "U01|2.0.xyz"):
        candor.sandbox.user("U01").press("asking.helped", message=ask(candor, "U01", KEPT), value=value)
    assert counted(candor) == {}
    assert answer.ts


def test_nothing_stored_or_logged_says_who_pressed(candor: Candor) -> None:
    issue(candor, weeks=20)
    answer = answered(candor, "U0PRESSER")
    log = io.StringIO()
    configure_logs("DEBUG", log)
    candor.sandbox.user("U0PRESSER").press("asking.helped", message=answer)
    assert "U0PRESSER" not in log.getvalue()
    with candor.sessions.kw["bind"].connect() as connection:
        tables = ("section_feedback", "seen_event")
        rows = [list(connection.exec_driver_sql(f"SELECT * FROM {name}")) for name in tables]
    assert "U0PRESSER" not in str(rows)
    assert answer.ts not in str(rows)
