"""Who is HR: ids, user groups, and nobody more when Slack does not say."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.errors import HrOnly, HrUnknown
from bot.people.hr import FRESH, TRUSTED, Hr
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.slack_errors import Client
from tests.candor import MANIFEST, Clock

METHOD = "usergroups.users.list"


class Company:
    """A workspace with the user group S0HR, of whom U1 is one, and HR as the settings name it."""

    def __init__(self, sandbox: Sandbox, *named: str) -> None:
        self.sandbox, self.clock = sandbox, Clock()
        client = Client(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        self.hr = Hr(named, client, self.clock)

    def asked(self) -> int:
        return sum(call.method == METHOD for call in self.sandbox.workspace.calls)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(MANIFEST) as sandbox:
        for user in ("U1", "U2", "U3"):
            sandbox.workspace.add_user(id=user, name=user, tz="UTC")
        sandbox.workspace.add_usergroup(id="S0HR", handle="hr", users=["U1"])
        yield sandbox


def test_people_named_by_id_are_hr_and_slack_is_not_asked(sandbox: Sandbox) -> None:
    company = Company(sandbox, "U1")
    assert "U1" in company.hr
    assert "U2" not in company.hr
    assert company.asked() == 0
    with pytest.raises(HrOnly):
        company.hr.require("U2")


def test_the_members_of_a_user_group_are_hr_beside_those_named(sandbox: Sandbox) -> None:
    company = Company(sandbox, "S0HR", "U2")
    assert company.hr.everybody() == {"U1", "U2"}
    assert "U3" not in company.hr


def test_slack_is_asked_once_in_five_minutes_and_then_anew(sandbox: Sandbox) -> None:
    company = Company(sandbox, "S0HR")
    assert all("U1" in company.hr for _ in range(10))
    assert company.asked() == 1
    sandbox.workspace.usergroups["S0HR"].users[:] = ["U2"]
    company.clock.now += FRESH
    assert "U1" not in company.hr
    assert "U2" in company.hr


def test_while_slack_does_not_say_the_last_answer_holds_for_a_while_and_then_nobody_is_hr(sandbox: Sandbox) -> None:
    company = Company(sandbox, "S0HR")
    assert "U1" in company.hr
    sandbox.faults.add(Fault(method=METHOD, kind="error_500_before", times=1000))
    company.clock.now += TRUSTED - timedelta(seconds=1)
    assert "U1" in company.hr
    company.clock.now += timedelta(seconds=1)
    assert "U1" not in company.hr
    assert not company.hr.is_known()


def test_of_two_who_ask_when_the_last_answer_is_too_old_neither_is_taken_for_somebody_else(sandbox: Sandbox) -> None:
    company = Company(sandbox, "S0HR")
    assert "U1" in company.hr
    company.clock.now += 2 * TRUSTED
    sandbox.faults.add(Fault(method=METHOD, kind="slow", seconds=0.5))
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(lambda _: "U1" in company.hr, range(4)))
    assert company.asked() == 2


@pytest.mark.parametrize("group", ["S0NONE", "S0HR"])
def test_a_group_that_slack_never_named_opens_nothing(sandbox: Sandbox, group: str) -> None:
    sandbox.faults.add(Fault(method=METHOD, kind="html_200", times=1000))
    company = Company(sandbox, group, "U2")
    assert company.hr.everybody() == {"U2"}
    assert not company.hr.is_known()


def test_a_trouble_that_passes_is_over_a_minute_later(sandbox: Sandbox) -> None:
    company = Company(sandbox, "S0HR")
    sandbox.faults.add(Fault(method=METHOD, kind="reset_before"))
    assert "U1" not in company.hr
    assert "U1" not in company.hr
    assert company.asked() == 1
    company.clock.pass_by(minutes=1)
    assert "U1" in company.hr


def test_what_cannot_be_undone_goes_by_what_slack_says_now(sandbox: Sandbox) -> None:
    company = Company(sandbox, "S0HR")
    company.hr.require("U1")
    sandbox.workspace.usergroups["S0HR"].users[:] = ["U2"]
    with pytest.raises(HrOnly):
        company.hr.afresh().require("U1")


def test_while_slack_does_not_say_nobody_is_told_that_they_are_not_hr(sandbox: Sandbox) -> None:
    company = Company(sandbox, "S0HR", "U3")
    company.hr.require("U1")
    sandbox.faults.add(Fault(method=METHOD, kind="error_500_before", times=1000))
    with pytest.raises(HrUnknown, match="cannot tell right now whether you belong to HR"):
        company.hr.afresh().require("U1")
    company.hr.afresh().require("U3")
