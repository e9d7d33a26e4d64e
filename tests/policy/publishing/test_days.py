"""A draft that was given a day is published when it comes, or HR is told why not."""

from datetime import UTC, datetime

from bot.sandbox.faults import Fault
from storage.database import SessionFactory
from tests.candor import HR, Candor, running
from tests.policy.publishing.acts import CHANNEL, HR2, as_it_is_now, drop, looser, policy, press, publish, versions

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


def give_day(office: Candor, text: str, day: str) -> None:
    press(office, "draft.schedule", drop(office, text))
    result = office.sandbox.user(HR).fill_and_submit(values={"day": day})
    assert result.ok, result


def test_it_is_published_at_nine_on_its_day_and_not_before(office: Candor) -> None:
    give_day(office, policy(office, days=5), "2026-11-20")
    office.tick_at(FRIDAY.replace(hour=8, minute=59))
    assert len(versions(office)) == 1
    office.tick_at(FRIDAY)
    assert versions(office)[-1].publisher == HR
    assert versions(office)[-1].published_at == FRIDAY
    office.tick()
    assert len(office.sandbox.workspace.messages(CHANNEL)) == 1


def test_the_preview_says_the_day_and_it_can_be_taken_back(office: Candor) -> None:
    preview = drop(office, policy(office, days=5))
    press(office, "draft.schedule", preview)
    office.sandbox.user(HR).fill_and_submit(values={"day": "2026-11-20"})
    office.sandbox.user(HR).close_modal()
    assert "will be published on 20 November 2026 at 09:00 UTC" in as_it_is_now(office, preview).text
    press(office, "draft.take_back", as_it_is_now(office, preview))
    office.tick_at(FRIDAY)
    assert len(versions(office)) == 1


def test_a_day_that_is_over_or_on_which_it_could_not_be_published_is_refused_at_once(office: Candor) -> None:
    press(office, "draft.schedule", drop(office, looser(office)))
    hr = office.sandbox.user(HR)
    assert "too early" in hr.fill_and_submit(values={"day": "2026-11-25"}).errors["day"]
    assert "not in the coming year" in hr.fill_and_submit(values={"day": "2026-11-18"}).errors["day"]
    assert "not in the coming year" in hr.fill_and_submit(values={"day": "2028-01-01"}).errors["day"]


def test_a_day_for_a_draft_that_was_published_over_is_refused_and_the_preview_compares_anew(office: Candor) -> None:
    preview = drop(office, policy(office, days=5))
    press(office, "draft.schedule", preview)
    publish(office, policy(office, usage=8), HR2)
    refused = office.sandbox.user(HR).fill_and_submit(values={"day": "2026-11-20"})
    assert "Version 2 was published meanwhile" in refused.errors["day"]
    assert "12, until now 8" in str(as_it_is_now(office, preview).blocks)
    assert (
        not office.sandbox.user(HR)
        .fill_and_submit(values={"day": "2026-11-20"})
        .errors.get("day", "")
        .startswith("Version 2 was published")
    )


def test_when_another_version_was_published_meanwhile_it_is_not_and_all_of_hr_is_told(office: Candor) -> None:
    give_day(office, policy(office, days=5), "2026-11-20")
    publish(office, policy(office, usage=8), HR2)
    office.tick_at(FRIDAY)
    assert len(versions(office)) == 2
    for person in (HR, HR2):
        told = office.dms(person)[-1]
        assert "was to be published today, and was not" in told.text
        assert "Version 2 was published after this was handed in" in told.text
    office.tick()
    assert sum("was to be published today" in message.text for message in office.dms(HR)) == 1


def test_whoever_gave_the_day_has_to_be_hr_still(sessions: SessionFactory) -> None:
    with running(sessions, hr=frozenset({"S0HR", HR2}), channel=CHANNEL) as office:
        office.join(HR2)
        office.sandbox.workspace.add_usergroup(id="S0HR", handle="hr", users=[HR])
        give_day(office, policy(office, days=5), "2026-11-20")
        office.sandbox.workspace.usergroups["S0HR"].users.clear()
        office.tick_at(FRIDAY)
        assert len(versions(office)) == 1
        assert "was to be published today, and was not" in office.dms(HR2)[-1].text


def test_while_slack_does_not_say_who_is_hr_a_day_waits(sessions: SessionFactory) -> None:
    with running(sessions, hr=frozenset({"S0HR"}), channel=CHANNEL) as office:
        office.sandbox.workspace.add_usergroup(id="S0HR", handle="hr", users=[HR])
        give_day(office, policy(office, days=5), "2026-11-20")
        office.sandbox.faults.add(Fault(method="usergroups.users.list", kind="error_500_before"))
        office.tick_at(FRIDAY)
        assert len(versions(office)) == 1
        office.clock.pass_by(minutes=1)
        office.tick()
        assert len(versions(office)) == 2
