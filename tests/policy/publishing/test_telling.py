"""What the channel is told of a new version, whatever happens between publishing and posting."""

from bot.operators.restoring import make_safe
from bot.policy.publishing import notices
from bot.sandbox.faults import Fault
from tests.candor import HR, Candor
from tests.policy.publishing.acts import CHANNEL, drop, join, looser, policy, press, publish, versions


def posts(office: Candor) -> list[str]:
    return [message.text for message in office.sandbox.workspace.messages(CHANNEL)]


def test_the_channel_gets_what_changed_and_why_with_the_difference_one_click_away(office: Candor) -> None:
    join(office, "U01")
    publish(office, policy(office))
    office.tick()
    (post,) = office.sandbox.workspace.messages(CHANNEL)
    assert "version 2* is in force since 18 November 2026" in post.text
    assert "because nobody looked at older weeks" in post.text
    assert versions(office)[-1].hash[:12] in str(post.blocks)
    assert versions(office)[-1].chain[:12] in str(post.blocks)
    reader = office.sandbox.user("U01")
    reader.press("policy.changed", message=post)
    assert "12, until now 26" in str(office.top_modal("U01"))
    reader.close_modal()
    reader.press("policy.read", message=post)
    assert "Usage is deleted 12 weeks" in str(office.top_modal("U01"))


def test_it_is_posted_once_however_often_the_bot_ticks(office: Candor) -> None:
    publish(office, policy(office))
    for _ in range(3):
        office.tick()
    assert len(posts(office)) == 1


def test_markup_in_the_reasons_is_shown_and_pings_nobody(office: Candor) -> None:
    publish(office, policy(office, why="<!channel> & <@U0CONTACT> asked for it."))
    office.tick()
    (post,) = office.sandbox.workspace.messages(CHANNEL)
    assert not post.pings
    assert "&lt;!channel&gt; &amp;" in post.text


def test_a_kill_between_publishing_and_posting_loses_no_post(office: Candor) -> None:
    """What is published and what is owed for it are one transaction: any process that comes later posts it."""
    preview = drop(office, policy(office))
    office.sandbox.faults.add(Fault(method="chat.update", kind="reset_after"))
    press(office, "draft.publish", preview)
    assert len(versions(office)) == 2
    office.clock.pass_by(hours=3)
    office.tick()
    assert len(posts(office)) == 1


def test_a_post_that_slack_may_have_is_not_posted_again(office: Candor) -> None:
    publish(office, policy(office))
    office.sandbox.faults.add(Fault(method="chat.postMessage", kind="reset_after"))
    office.tick()
    office.clock.pass_by(days=1)
    office.tick()
    assert len(posts(office)) == 1


def test_without_a_channel_nothing_is_posted_and_publishing_says_nothing_of_one(candor: Candor) -> None:
    preview = drop(candor, policy(candor))
    press(candor, "draft.publish", preview)
    assert "announcement" not in candor.dms(HR)[-1].text
    candor.tick()
    assert [message for message in candor.sandbox.workspace.log if message.channel == CHANNEL] == []


def test_a_coming_version_is_announced_with_its_day(office: Candor) -> None:
    publish(office, looser(office))
    office.tick()
    assert "takes effect on 3 December 2026" in posts(office)[0]


def test_after_a_backup_was_put_back_nothing_of_it_is_told_again(office: Candor) -> None:
    join(office, "U01")
    office.opt_in("U01", "cursor")
    publish(office, policy(office))
    make_safe(office.sessions, office.clock())
    office.tick()
    assert posts(office) == []
    assert notices.plan(office.sessions, office.services.workspace_id, office.clock()) == 0


def test_what_happened_to_clauses_is_named_by_the_program(office: Candor) -> None:
    text = policy(office, days=15).replace("# What it is never used for", "# Uses").replace("<!-- promise -->", "")
    publish(office, text.replace("# What it costs you", "# Costs", 1))
    office.tick()
    assert "No longer a promise: " in posts(office)[0]
    assert "Uses" in posts(office)[0].partition("No longer a promise: ")[2]


def test_after_a_backup_was_put_back_no_draft_publishes_itself(office: Candor) -> None:
    press(office, "draft.schedule", drop(office, policy(office, days=5)))
    assert office.sandbox.user(HR).fill_and_submit(values={"day": "2026-11-20"}).ok
    make_safe(office.sessions, office.clock())
    office.clock.pass_by(days=4)
    office.tick()
    assert len(versions(office)) == 1


def test_whoever_published_is_told_once_when_the_post_may_be_lost(office: Candor) -> None:
    publish(office, policy(office))
    office.sandbox.faults.add(Fault(method="chat.postMessage", kind="reset_after"))
    for _ in range(3):
        office.clock.pass_by(minutes=2)
        office.tick()
    assert sum("its announcement did not arrive" in message.text for message in office.dms(HR)) == 1


def test_a_draft_that_nobody_decides_about_is_forgotten_by_itself(office: Candor) -> None:
    preview = drop(office, policy(office))
    office.clock.pass_by(days=91)
    office.tick()
    press(office, "draft.read", preview)
    assert "not there any more" in str(office.top_modal(HR)) + office.dms(HR)[-1].text
