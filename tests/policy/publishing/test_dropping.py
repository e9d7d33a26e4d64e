"""HR drops a file into the DM, sees what it would mean, and decides."""

import copy
import re
from datetime import date

import pytest

from bot.sandbox.faults import Fault, FaultKind
from tests.candor import HR, Candor
from tests.policy.publishing.acts import (
    HR2,
    as_it_is_now,
    drop,
    looser,
    policy,
    press,
    publish,
    versions,
)


def kept_drafts(candor: Candor) -> int:
    with candor.sessions() as session:
        return int(session.connection().exec_driver_sql("SELECT count(*) FROM policy_draft").scalar_one())


def downloads(candor: Candor) -> int:
    return sum(call.method == "url_private" for call in candor.sandbox.workspace.calls)


def test_hr_drops_a_file_sees_what_it_changes_and_publishes_it(candor: Candor) -> None:
    preview = drop(candor, policy(candor))
    shown = str(preview.blocks)
    assert "Version 2: AI usage feedback policy" in preview.text
    assert "Weeks that usage is kept: 12, until now 26" in shown
    assert "nobody, since nothing is looser" in shown
    press(candor, "draft.publish", preview)
    first, second = versions(candor)
    assert (second.number, second.publisher) == (2, HR)
    assert second.chain != first.chain
    assert "Version 2 is published" in as_it_is_now(candor, preview).text
    assert kept_drafts(candor) == 0


def test_the_answer_stands_in_the_thread_of_the_file(candor: Candor) -> None:
    message = candor.sandbox.user(HR).upload("policy.md", policy(candor).encode())
    assert candor.dms(HR)[-1].thread_ts == message.ts


def test_the_preview_says_who_is_asked_again_and_never_an_exact_number(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    shown = str(drop(candor, looser(candor)).blocks)
    assert "Weeks that usage is kept: 52, until now 26" in shown
    assert "Fewer than 20 people have opted in" in shown


def test_it_can_be_read_as_people_will_and_the_difference_seen(candor: Candor) -> None:
    preview = drop(candor, policy(candor, more="A sentence that is new."))
    press(candor, "draft.read", preview)
    assert "Usage is deleted 12 weeks" in str(candor.top_modal(HR))
    assert "A promise that only people can keep" in str(candor.top_modal(HR))
    candor.sandbox.user(HR).close_modal()
    press(candor, "draft.difference", preview)
    shown = str(candor.top_modal(HR))
    assert "{'type': 'text', 'text': 'A sentence that is new.', 'style': {'bold': True}}" in shown
    assert "strike" in shown


@pytest.mark.parametrize("action", ["draft.read", "draft.difference"])
def test_a_long_draft_and_a_long_difference_are_read_page_by_page(candor: Candor, action: str) -> None:
    long = " ".join(f"Sentence number {number} is new here." for number in range(1200))
    preview = drop(candor, policy(candor, more=long))
    press(candor, action, preview)
    seen, user = [str(candor.top_modal(HR))], candor.sandbox.user(HR)
    while "draft.page.next" in seen[-1]:
        user.press("draft.page.next")
        seen.append(str(candor.top_modal(HR)))
    assert len(seen) > 1
    numbers = [re.findall(r"number (\d+) is", page) for page in seen]
    assert [int(number) for page in numbers for number in page] == list(range(1200))
    user.press("draft.page.before")
    assert re.findall(r"number (\d+) is", str(candor.top_modal(HR))) == numbers[-2]
    assert len(candor.sandbox.workspace.modals(HR)) == 1


def test_a_discarded_draft_is_gone(candor: Candor) -> None:
    preview = drop(candor, policy(candor))
    press(candor, "draft.discard", preview)
    assert kept_drafts(candor) == 0
    assert "was discarded" in as_it_is_now(candor, preview).text
    assert len(versions(candor)) == 1


def test_every_fault_is_named_with_its_line_and_nothing_is_kept(candor: Candor) -> None:
    broken = policy(candor).replace("title: AI", "titel: AI").replace("pulse_weeks: 12", "pulse_weeks: soon")
    answer = drop(candor, broken)
    assert "policy.md, line 2: titel" in answer.text
    line = broken.split("\n").index("  pulse_weeks: soon") + 1
    assert f"policy.md, line {line}: terms.pulse_weeks" in answer.text
    assert "Publish" not in str(answer.blocks)
    assert kept_drafts(candor) == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("policy.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "no text file"),
        ("policy.md", b"\x89PNG\r\n\x1a\n" + bytes(200), "not a text file"),
        ("policy.md", "Grüße".encode("latin-1"), "not a text file in UTF-8"),
        ("policy.md", b"# Nothing but a heading\n", "front matter"),
        ("policy.md", b"x", "front matter"),
    ],
)
def test_a_file_that_is_no_policy_is_answered_in_words(candor: Candor, name: str, content: bytes, said: str) -> None:
    assert said in drop(candor, content, name=name).text
    assert kept_drafts(candor) == 0


def test_five_megabytes_are_refused_and_not_even_downloaded(candor: Candor) -> None:
    assert "5,000,000 bytes" in drop(candor, b"a" * 5_000_000).text
    assert downloads(candor) == 0


def test_several_files_at_once_are_refused(candor: Candor) -> None:
    candor.sandbox.user(HR).upload("policy.md", policy(candor).encode())
    twice = copy.deepcopy(candor.sandbox.last_payload("events_api"))
    twice["event"]["files"] *= 2
    twice["event_id"] = "Ev0TWICE"
    candor.sandbox.send_raw(twice, "events_api")
    assert "That was 2 files" in candor.dms(HR)[-1].text
    assert kept_drafts(candor) == 1


def test_anybody_else_is_refused_and_nothing_is_downloaded_or_kept(candor: Candor) -> None:
    candor.join("U01")
    assert "Only HR can hand in a policy here" in drop(candor, policy(candor), "U01").text
    assert downloads(candor) == 0
    assert kept_drafts(candor) == 0


def test_a_link_to_another_service_never_gets_the_token(candor: Candor) -> None:
    candor.sandbox.user(HR).upload("policy.md", policy(candor).encode())
    elsewhere = copy.deepcopy(candor.sandbox.last_payload("events_api"))
    elsewhere["event_id"] = "Ev0ELSEWHERE"
    address = candor.sandbox.api_url.replace("127.0.0.1", "localhost")
    elsewhere["event"]["files"][0] |= {"url_private_download": f"{address}x", "url_private": f"{address}x"}
    before = len(candor.sandbox.workspace.calls)
    candor.sandbox.send_raw(elsewhere, "events_api")
    assert "Slack did not hand over the file" in candor.dms(HR)[-1].text
    assert [call.method for call in candor.sandbox.workspace.calls[before:]] == ["chat.postMessage"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("error_500_before", "Slack did not hand over the file"),
        ("reset_after", "Slack did not hand over the file"),
        ("half_body", "Slack did not hand over the file"),
        ("ratelimited", "Slack did not hand over the file"),
        ("html_200", "scope files:read"),
    ],
)
def test_a_download_that_fails_is_answered_in_words(candor: Candor, kind: FaultKind, said: str) -> None:
    candor.sandbox.faults.add(Fault(method="url_private", kind=kind))
    assert said in drop(candor, policy(candor)).text
    assert kept_drafts(candor) == 0


def test_a_version_dated_in_the_past_is_refused_with_the_earliest_date(candor: Candor) -> None:
    preview = drop(candor, policy(candor, effective=date(2026, 11, 1)))
    assert "2026-11-01 is in the past. Write 2026-11-18 or later" in preview.text
    assert "draft.publish" not in str(preview.blocks)


def test_a_looser_version_without_the_promised_notice_is_refused_with_the_earliest_date(candor: Candor) -> None:
    preview = drop(candor, looser(candor, days=3))
    assert "write 2026-12-03 or later" in preview.text
    assert "draft.publish" not in str(preview.blocks)


def test_a_button_that_was_kept_does_not_publish_what_cannot_be_published_any_more(candor: Candor) -> None:
    preview = drop(candor, looser(candor))
    candor.clock.pass_by(days=2)
    press(candor, "draft.publish", preview)
    assert "too early" in str(candor.top_modal(HR))
    assert "draft.publish" not in str(as_it_is_now(candor, preview).blocks)
    assert len(versions(candor)) == 1


def test_pressing_twice_publishes_once(candor: Candor) -> None:
    preview = drop(candor, policy(candor))
    press(candor, "draft.publish", preview)
    again = candor.sandbox.last_payload("interactive")
    candor.sandbox.send_raw(again, "interactive")
    assert len(versions(candor)) == 2
    assert "not there any more" in as_it_is_now(candor, preview).text


def test_the_same_event_again_makes_no_second_draft(candor: Candor) -> None:
    drop(candor, policy(candor))
    candor.sandbox.send_raw(candor.sandbox.last_payload("events_api"), "events_api")
    assert kept_drafts(candor) == 1
    assert len(candor.dms(HR)) == 1


def test_of_two_people_who_publish_at_once_the_second_is_shown_what_the_first_changed(office: Candor) -> None:
    mine, theirs = drop(office, policy(office)), drop(office, policy(office, usage=8), HR2)
    press(office, "draft.publish", theirs, HR2)
    press(office, "draft.publish", mine)
    assert "Version 2 was published meanwhile" in str(office.top_modal(HR))
    assert len(versions(office)) == 2
    shown = as_it_is_now(office, mine)
    assert "12, until now 8" in str(shown.blocks)
    office.sandbox.user(HR).close_modal()


def test_a_preview_says_that_it_was_published_over(office: Candor) -> None:
    preview = drop(office, policy(office))
    publish(office, policy(office, usage=8), HR2)
    press(office, "draft.read", preview)
    assert "Version 2 was published after this was handed in" in str(office.top_modal(HR))


def test_somebody_else_cannot_press_hrs_buttons_and_former_hr_cannot_either(office: Candor) -> None:
    office.join("U01")
    preview = drop(office, policy(office))
    press(office, "draft.read", preview)
    payload = copy.deepcopy(office.sandbox.last_payload("interactive"))
    payload["actions"][0]["action_id"] = "draft.publish"
    for value in (payload["actions"][0]["value"], payload["actions"][0]["value"].replace(HR, "U01")):
        forged = copy.deepcopy(payload)
        forged["user"]["id"] = "U01"
        forged["actions"][0]["value"] = value
        office.sandbox.send_raw(forged, "interactive")
    assert len(versions(office)) == 1
    assert kept_drafts(office) == 1


def test_markup_in_the_file_is_shown_and_pings_nobody(candor: Candor) -> None:
    nasty = policy(candor, more="<!channel> <@U0CONTACT> <b>bold</b> [here](https://example.com)", why="<!here> why")
    preview = drop(candor, nasty)
    assert preview.pings == [f"@{HR}"]
    press(candor, "draft.read", preview)
    assert "<!channel> <@U0CONTACT> <b>bold</b> " in str(candor.top_modal(HR))
