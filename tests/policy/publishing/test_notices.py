"""One notice of a new version to everybody who opted in: one a week at most, at a decent hour, and no nagging."""

from datetime import UTC, datetime, timedelta

from bot.policy.publishing import notices
from bot.sandbox.faults import Fault
from bot.sandbox.model import Message
from storage import consents, people
from storage.tables import Consent
from tests.candor import Candor
from tests.policy.publishing.acts import join, looser, policy, publish

# 10:00 in Madrid, the hour of the policy for notices, on the Thursday after the tests begin.
THURSDAY = datetime(2026, 11, 19, 9, tzinfo=UTC)
# 10:00 in New York, on the day on which they begin.
WEDNESDAY = datetime(2026, 11, 18, 15, tzinfo=UTC)


def notices_of(candor: Candor, user: str) -> list[Message]:
    return [
        message
        for message in candor.dms(user)
        if "policy.seen" in str(message.blocks) or "you have read" in str(message.blocks)
    ]


def consent_of(candor: Candor, user: str) -> Consent:
    with candor.sessions() as session:
        held = consents.get(session, user)
        assert held is not None
        return held.consent


def opted_in(office: Candor, *users: str, tz: str = "Europe/Madrid") -> None:
    for user in users:
        join(office, user, tz=tz)
        office.opt_in(user, "cursor")


def test_a_notice_comes_at_the_local_hour_of_the_policy(office: Candor) -> None:
    opted_in(office, "U01")
    opted_in(office, "U02", tz="America/New_York")
    publish(office, policy(office))
    office.tick()
    # It is noon in London: ten o'clock is still to come in New York, and over in Madrid.
    for moment, told in (
        (WEDNESDAY - timedelta(minutes=2), []),
        (WEDNESDAY, ["U02"]),
        (THURSDAY - timedelta(minutes=2), ["U02"]),
        (THURSDAY, ["U01", "U02"]),
    ):
        office.tick_at(moment)
        assert [user for user in ("U01", "U02") if notices_of(office, user)] == told


def test_it_says_what_is_looser_and_that_nothing_of_it_holds_without_a_yes(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, looser(office))
    office.tick()
    office.tick_at(THURSDAY)
    (notice,) = notices_of(office, "U01")
    assert (
        "Looser: does not apply to you unless you agree*\n• Weeks that usage is kept: 52, until now 26" in notice.text
    )
    assert "Usage is kept longer, for a whole year." in notice.text
    office.sandbox.user("U01").press("consent.open", message=notice)
    assert office.top_modal("U01")["title"]["text"] == "Change consent"
    assert office.sandbox.user("U01").fill_and_submit().ok
    assert "You have agreed to version 2" in str(office.top_modal("U01"))


def test_where_nothing_is_looser_nobody_is_asked_to_agree(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, policy(office))
    office.tick()
    office.tick_at(THURSDAY)
    (notice,) = notices_of(office, "U01")
    assert "Stricter: holds for you at once" in notice.text
    assert "consent.open" not in str(notice.blocks)


def test_of_several_versions_in_one_week_one_notice_tells(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, policy(office, usage=20, why="Half a year was long."))
    office.tick()
    publish(office, policy(office, usage=12, why="Even that was long."))
    office.tick()
    office.tick_at(THURSDAY)
    (notice,) = notices_of(office, "U01")
    assert "Version 3" in notice.text
    assert "12, until now 26" in notice.text
    assert "Half a year was long." in notice.text
    office.tick_at(THURSDAY + timedelta(days=1))
    assert len(notices_of(office, "U01")) == 1


def test_whoever_had_this_weeks_gets_the_next_one_a_week_later(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, policy(office, usage=20))
    office.tick()
    office.tick_at(THURSDAY)
    publish(office, policy(office, usage=12))
    office.tick_at(THURSDAY + timedelta(hours=26))
    assert len(notices_of(office, "U01")) == 1
    office.tick_at(THURSDAY + timedelta(days=4))
    assert len(notices_of(office, "U01")) == 2


def test_paused_people_get_it_and_those_who_left_or_were_never_in_do_not(office: Candor) -> None:
    opted_in(office, "U01", "U02", "U03")
    join(office, "U04")
    office.sandbox.user("U01").say("pause")
    publish(office, policy(office))
    office.tick()
    office.sandbox.user("U02").say("stop")
    office.sandbox.user("U02").press("held.erase_now")
    with office.sessions.begin() as session:
        people.deactivate(session, ["U03"], office.clock())
    office.tick_at(THURSDAY)
    assert len(notices_of(office, "U01")) == 1
    for user in ("U02", "U03", "U04"):
        assert not notices_of(office, user)


def test_whoever_has_agreed_meanwhile_is_not_told(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, looser(office))
    office.tick()
    office.opt_in("U01", "cursor")
    office.tick_at(THURSDAY)
    assert not notices_of(office, "U01")


def test_nobody_is_told_twice_of_the_same_version(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, policy(office))
    for day in range(30):
        office.tick_at(THURSDAY + timedelta(days=day))
    assert len(notices_of(office, "U01")) == 1


def test_a_notice_that_may_have_been_lost_is_looked_for_and_not_sent_twice(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, policy(office))
    office.tick()
    office.sandbox.faults.add(
        Fault(method="chat.postMessage", kind="reset_after", when=lambda args: args["channel"] == "U01")
    )
    office.tick_at(THURSDAY)
    office.tick_at(THURSDAY + timedelta(minutes=5))
    assert len(notices_of(office, "U01")) == 1


def test_a_notice_that_was_held_up_does_not_come_at_night(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, policy(office))
    office.tick()
    office.tick_at(THURSDAY.replace(hour=22))
    assert not notices_of(office, "U01")
    office.tick_at(THURSDAY + timedelta(days=1))
    assert len(notices_of(office, "U01")) == 1


def test_i_have_read_it_is_kept_with_the_persons_own_consent_and_the_button_becomes_a_line(office: Candor) -> None:
    opted_in(office, "U01", "U02")
    publish(office, policy(office))
    office.tick()
    office.tick_at(THURSDAY)
    (notice,) = notices_of(office, "U01")
    office.sandbox.user("U01").press("policy.seen", message=notice)
    office.sandbox.send_raw(office.sandbox.last_payload("interactive"), "interactive")
    (shown,) = notices_of(office, "U01")
    assert "policy.seen" not in str(shown.blocks)
    assert "policy.read" in str(shown.blocks)
    assert str(shown.blocks).count("you have read version 2") == 1
    assert (consent_of(office, "U01").read_version, consent_of(office, "U01").read_at) == (2, THURSDAY)
    assert consent_of(office, "U02").read_version is None


def test_whoever_has_read_a_version_is_told_of_what_came_after_it_only(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, policy(office, usage=20, why="Half a year was long."))
    office.tick()
    office.tick_at(THURSDAY)
    office.sandbox.user("U01").press("policy.seen", message=notices_of(office, "U01")[0])
    office.clock.pass_by(days=7)
    publish(office, policy(office, usage=12, why="Even that was long."))
    office.tick()
    office.clock.pass_by(days=7)
    office.tick()
    notice = notices_of(office, "U01")[-1]
    assert "12, until now 20" in notice.text
    assert "Half a year was long." not in notice.text


def test_planning_again_and_by_several_at_once_plans_once(office: Candor) -> None:
    opted_in(office, *(f"U{number:02d}" for number in range(1, 8)))
    publish(office, policy(office))
    workspace, now = office.services.workspace_id, office.clock()
    assert notices.plan(office.sessions, workspace, now, batch=3) == 7
    assert notices.plan(office.sessions, workspace, now, batch=3) == 0


def test_nobody_is_told_of_the_first_version_that_they_opted_in_to(office: Candor) -> None:
    opted_in(office, "U01")
    assert notices.plan(office.sessions, office.services.workspace_id, office.clock()) == 0


def test_what_is_looser_is_measured_against_what_binds_and_not_against_what_was_agreed_to(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, policy(office, usage=12))
    office.tick()
    office.tick_at(THURSDAY)
    publish(office, policy(office, usage=26, days=15, why="Half a year after all."))
    for _ in range(2):
        office.clock.pass_by(days=7)
        office.tick()
    notice = notices_of(office, "U01")[-1]
    assert "Weeks that usage is kept: 26, until now 12" in notice.text
    assert "Weeks that usage is kept: 12\n" in notice.text + "\n"
    assert "consent.open" in str(notice.blocks)


def test_whoever_was_asked_about_terms_as_loose_is_told_and_not_asked_again(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, looser(office))
    office.tick()
    office.tick_at(THURSDAY)
    publish(office, looser(office, why="Another sentence.", more="Another sentence.", days=17))
    for _ in range(2):
        office.clock.pass_by(days=7)
        office.tick()
    asked, told = notices_of(office, "U01")
    assert "consent.open" in str(asked.blocks) and "consent.open" not in str(told.blocks)
    assert "unless you agree" not in told.text and "for a whole year" not in told.text
    assert "Another sentence." in told.text
