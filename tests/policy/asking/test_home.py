"""The Home tab's part for the policy: a field to ask in, and what there is to read."""

import copy
from typing import Any

from tests.candor import HR, Candor
from tests.policy.asking.world import issue, quotes_in, words_in

KEPT = "How long do you keep my figures?"


def home_of(candor: Candor, user_id: str) -> list[dict[str, Any]]:
    candor.sandbox.user(user_id).open_home()
    view = candor.sandbox.workspace.home(user_id)
    assert view is not None
    blocks: list[dict[str, Any]] = view["blocks"]
    assert len(blocks) <= 100
    return blocks


def buttons_of(blocks: list[dict[str, Any]]) -> list[str]:
    return [element["action_id"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


def test_everybody_can_ask_in_home_whether_they_opted_in_or_not(candor: Candor) -> None:
    issue(candor, weeks=20)
    for user_id in ("U01", "U02"):
        candor.join(user_id)
    candor.opt_in("U02", "cursor")
    for user_id in ("U01", "U02"):
        home_of(candor, user_id)
        user = candor.sandbox.user(user_id)
        assert user.type_into("asking.field", KEPT, view=candor.sandbox.workspace.home(user_id)).ok
        assert quotes_in(candor.top_modal(user_id)["blocks"])


def test_what_is_typed_in_somebody_elses_home_is_refused(candor: Candor) -> None:
    for user_id in ("U01", "U02"):
        candor.join(user_id)
    home_of(candor, "U01")
    candor.sandbox.user("U01").type_into("asking.field", KEPT, view=candor.sandbox.workspace.home("U01"))
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["user"]["id"] = "U02"
    candor.sandbox.send_raw(payload, "interactive")
    assert quotes_in(candor.sandbox.workspace.modals("U02")) == []
    assert "belongs to somebody else" in str(candor.sandbox.workspace.modals("U02")) + candor.dms("U02")[-1].text


def test_each_thing_to_read_has_one_button(candor: Candor) -> None:
    candor.join("U01")
    for opted_in in (False, True):
        if opted_in:
            candor.opt_in("U01", "cursor")
        found = buttons_of(home_of(candor, "U01"))
        assert len(found) == len(set(found))
        assert {"policy.read", "policy.kept"} <= set(found)


def test_what_changed_is_offered_only_where_something_changed(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    assert "policy.changed" not in buttons_of(home_of(candor, "U01"))
    issue(candor, weeks=20)
    assert "policy.changed" in buttons_of(home_of(candor, "U01"))
    candor.opt_in("U01", "cursor")
    assert "policy.changed" not in buttons_of(home_of(candor, "U01"))


def test_only_hr_is_offered_what_people_asked(candor: Candor) -> None:
    candor.join("U01")
    assert "asking.questions" in buttons_of(home_of(candor, HR))
    assert "asking.questions" not in buttons_of(home_of(candor, "U01"))


def test_it_says_that_what_is_asked_is_not_kept(candor: Candor) -> None:
    candor.join("U01")
    assert "Candor does not keep what you ask" in words_in(home_of(candor, "U01"))
