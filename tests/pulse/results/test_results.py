"""All results, as anybody opens them: promise by promise, in words first, then as bands."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.pulse.closing import abandon, close, close_early
from bot.pulse.composing.bank import CANDOUR, own
from bot.pulse.trustee.keyfile import PUBLIC, keygen, next_public
from storage import waves
from tests.candor import HR, Candor
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.pulse.results.acts import NEVER, PURPOSE, home_blocks, open_results, pulse, results_text, texts
from tests.pulse.world import BELIEF, COMMENT, GAMING, begin, finish, found, keys_of, vote

OTHERS, LEADERS = {"5": 6, "4": 6, "2": 8, "0": 4}, {"4": 2, "1": 8}


def test_before_any_pulse_has_closed_it_says_so(office: Candor) -> None:
    begin(office)
    assert "No pulse has closed yet" in results_text(office)


def test_belief_is_said_in_words_first_with_those_who_do_not_know_beside_it(office: Candor) -> None:
    pulse(office, OTHERS, LEADERS)
    text = results_text(office)
    words = "Version 1, November 2026 (pulse 1): 40 to 60 of 100 believe it is followed; up to 20 of 100 do not know."
    table = "1 | everyone | 40 to 60 | up to 20"
    assert words in text
    assert table in text
    assert text.index(NEVER) < text.index(words) < text.index(table)
    assert "Last asked in pulse 1, 18 November 2026." in text


def test_people_leaders_stand_beside_everyone_else_where_both_are_shown(office: Candor) -> None:
    pulse(office, OTHERS, LEADERS)
    text = results_text(office)
    assert "Among people who manage a team: up to 20 of 100. Among everyone else: 60 to 80 of 100." in text
    assert "people who manage a team | up to 20 | not split" in text


def test_what_is_not_shown_has_the_same_words_whatever_the_cause(office: Candor) -> None:
    """Of four leaders nothing is shown, nor of twelve where a band would tell: nobody can tell one from the other."""
    pulse(office, {"5": 4, "2": 4}, {"5": 4})
    few = results_text(office)
    pulse(office, {"5": 4, "2": 4}, {"1": 12})
    told = results_text(office)
    said = "People who manage a team, and everyone else: not shown."
    assert said in few
    assert said in told
    assert "people who manage a team | not shown" in few
    assert told.count("people who manage a team | not shown") == 2 * few.count("people who manage a team | not shown")


def test_belief_is_shown_over_versions_newest_first(office: Candor) -> None:
    pulse(office, {"5": 9, "1": 3})
    publish_next(office.sessions, office.clock(), **AS_SHIPPED, effective="2026-12-30", smallest_group=6)
    office.clock.pass_by(days=30)
    pulse(office, {"5": 2, "1": 10})
    text = results_text(office)
    new = "Version 2, January 2027 (pulse 2): up to 20 of 100 believe it is followed"
    old = "Version 1, November 2026 (pulse 1): 60 to 80 of 100 believe it is followed"
    assert text.index(new) < text.index(old)


def test_a_promise_that_was_never_asked_about_says_so(office: Candor) -> None:
    pulse(office, OTHERS)
    text = results_text(office)
    assert "Never asked." in text[text.index(PURPOSE) :]


def test_a_promise_that_the_policy_no_longer_makes_keeps_its_results(office: Candor) -> None:
    pulse(office, OTHERS)
    other = {**AS_SHIPPED, "body": "# Another\n<!-- promise -->\n\nWe promise.\n"}
    publish_next(office.sessions, office.clock(), **other, effective="2026-12-30")
    office.clock.pass_by(days=30)
    text = results_text(office)
    assert f"{NEVER} (no longer in the policy)" in text
    assert "60 to 80 of 100 believe it is followed" in text
    assert "Another\nNever asked." in text


def test_the_other_questions_say_where_they_come_from_and_what_they_are_about(office: Candor) -> None:
    asked = (BELIEF, CANDOUR[0], GAMING, own("Do <!channel> we talk?"))
    wave = begin(office, asked)
    for number in range(10):
        vote(office, wave, f"U1{number}")
    finish(office, wave)
    text = results_text(office)
    assert CANDOUR[0].source in text
    assert "80 or more of 100 say “mostly” or “completely”" in text
    assert "About the measure, not about people: “I used AI mainly" in text
    assert "80 or more of 100 say so" in text
    assert "The larger this share, the less figures of use say about use." in text
    assert "HR's question: “Do <!channel> we talk?”" in text
    assert "<!channel>" not in str([block for block in open_results(office, "U01") if "mrkdwn" in str(block)])


def test_comments_are_text_undated_and_ping_nobody(office: Candor) -> None:
    said = ["<!channel> *read* this", "See <https://example.org|here> @U0HR", "Plain &amp; simple"]
    pulse(office, OTHERS, comments=said)
    blocks = open_results(office, "U01")
    quotes = [block for block in blocks if "rich_text_quote" in str(block)]
    elements = [block["elements"][0]["elements"] for block in quotes]
    assert sorted(each[0]["text"] for each in elements) == sorted(said)
    assert all([part["type"] for part in each] == ["text"] for each in elements)


def test_only_the_newest_pulses_comments_are_shown(office: Candor) -> None:
    pulse(office, OTHERS, comments=["An old word"])
    pulse(office, OTHERS, comments=["A new word"])
    text = results_text(office)
    assert "A new word" in text
    assert "An old word" not in text


def test_without_a_comment_or_with_too_few_ballots_the_words_are_the_same(office: Candor) -> None:
    pulse(office, {"5": 6}, comments=["Not shown"])
    few = results_text(office)
    pulse(office, OTHERS)
    assert "No comments are shown." in few
    assert "Not shown" not in few.split("Comments of pulse")[1]
    assert "No comments are shown." in results_text(office)


def test_too_few_answers_show_nothing_and_say_what_was_done(office: Candor) -> None:
    pulse(office, {"5": 4})
    text = results_text(office)
    assert "There were too few answers to show anything. All its ballots are deleted" in text
    assert "Version 1, November 2026 (pulse 1): too few answers to show anything." in text
    assert "of 100 believe" not in text


def test_a_pulse_that_was_stopped_says_why(office: Candor) -> None:
    wave = begin(office)
    abandon(office.sessions, keys_of(office), wave.id, office.clock(), "The keys <were> lost.")
    text = results_text(office)
    said = "It was stopped, without results. Reason given: “The keys <were> lost”. All its ballots are deleted and"
    assert said in text
    assert "Version 1, November 2026 (pulse 1): stopped, so nothing is shown." in text


def test_of_a_pulse_whose_keys_were_not_in_their_place_nobody_is_told_that_they_are_destroyed(office: Candor) -> None:
    wave = begin(office)
    (keys_of(office).path / f"{wave.id}.key").unlink()
    abandon(office.sessions, keys_of(office), wave.id, office.clock(), "We moved.")
    text = results_text(office)
    assert "“We moved”. All its ballots are deleted. The keys that could open them were not in their place" in text
    assert "open them destroyed" not in text


@pytest.mark.parametrize("announced", [False, True])
def test_of_a_trustees_pulse_nobody_is_told_more_than_candor_knows(
    office: Candor, tmp_path: Path, announced: bool
) -> None:
    keygen(tmp_path)
    wave = begin(office, trustee=next_public(tmp_path / PUBLIC, ()))
    for number in range(6):
        vote(office, wave, f"U1{number}")
    if announced:
        close(office.sessions, keys_of(office), wave.closes_at)
    abandon(office.sessions, keys_of(office), wave.id, wave.closes_at, "The private file is lost.")
    office.clock.now = wave.closes_at
    text = results_text(office)
    assert "All its ballots are deleted here. Only the trustee's key could open them" in text
    assert ("it was not used for that" in text, "cannot see whether it was used" in text) == (not announced, announced)
    assert "open them destroyed" not in text


def test_the_words_of_a_reason_and_of_hrs_question_are_parsed_nowhere(office: Candor) -> None:
    asked = (own("Do *we* talk on https://example.org?"), BELIEF, GAMING)
    wave = begin(office, asked)
    for number in range(10):
        vote(office, wave, f"U1{number}")
    finish(office, wave)
    home, results = str(home_blocks(office)), str(open_results(office, "U01"))
    for shown in (home, results):
        assert "Do *we* talk on https://example.org?" in shown
    marked = [each for each in mrkdwn_texts([*home_blocks(office), *open_results(office, "U01")]) if "*we*" in each]
    assert marked == []


def mrkdwn_texts(node: object) -> Iterator[str]:
    """Every text that Slack looks for markup in."""
    if isinstance(node, list):
        for each in node:
            yield from mrkdwn_texts(each)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        yield from mrkdwn_texts(list(node.values()))


def test_nothing_is_seen_of_a_pulse_before_it_has_closed(office: Candor) -> None:
    """Also not by HR, and not between counting and the end: a reader is in the way of wiping the ballots' bytes."""
    wave = begin(office)
    for number in range(12):
        vote(office, wave, f"U1{number}", comment=f"Word {number}")
    office.clock.pass_by(days=2)
    close_early(office.sessions, wave.id, office.clock())
    with office.sessions.begin() as session:
        waves.move(session, wave.id, waves.State.OPEN, waves.State.COUNTED, outcome="results")
    for user in ("U01", HR):
        assert "No pulse has closed yet" in results_text(office, user)


def test_everybody_sees_the_same_and_hr_has_buttons_besides(office: Candor) -> None:
    office.opt_in("U01")
    office.join("U02")
    pulse(office, OTHERS, LEADERS, comments=["A word"])
    mine, theirs, hr = (open_results(office, user) for user in ("U01", "U02", HR))
    assert mine == theirs
    assert [block for block in hr if "pulse.download" not in str(block) and "pulse.reply" not in str(block)] == mine
    assert "pulse.download" in str(hr)


def test_a_guest_is_told_that_it_is_for_members(office: Candor) -> None:
    office.join("U0GUEST", is_restricted=True)
    wave = pulse(office, OTHERS)
    office.sandbox.user("U01").open_home()
    office.sandbox.user("U01").press("pulse.results", view=office.sandbox.workspace.home("U01"))
    payload = office.sandbox.last_payload("interactive")
    payload["user"]["id"] = "U0GUEST"
    payload["trigger_id"] = office.sandbox.workspace.views.new_trigger("U0GUEST")
    office.sandbox.send_raw(payload, "interactive")
    shown = str(office.sandbox.workspace.modals("U0GUEST"))
    assert "Candor is for full members of this workspace" in shown
    assert f"Pulse {wave.number}" not in shown


def test_many_pulses_and_comments_take_pages_and_nothing_is_left_out(office: Candor) -> None:
    said = [f"Word {number:03d} " + "x" * 480 for number in range(150)]
    wave = begin(office, (BELIEF, COMMENT))
    for number, comment in enumerate(said):
        vote(office, wave, f"U1{number}", comment=comment)
    finish(office, wave)
    text = results_text(office)
    assert all(comment in text for comment in said)


def test_a_forged_page_shows_the_first_one(office: Candor) -> None:
    pulse(office, {"5": 12}, comments=[f"Word {number} " + "x" * 480 for number in range(150)])
    user = office.sandbox.user("U01")
    user.open_home()
    user.press("pulse.results", view=office.sandbox.workspace.home("U01"))
    first = list(texts(office.top_modal("U01")["blocks"]))
    for forged in ("anyone|page:-3", "anyone|page:x", "anyone|"):
        user.press("pulse.results.page.next", value=forged)
        assert list(texts(office.top_modal("U01")["blocks"])) == first


def test_results_once_shown_never_change(office: Candor) -> None:
    wave = pulse(office, OTHERS, LEADERS)
    before = results_text(office)
    groups = {"smallest_group": 50, "smallest_group_comments": 50}
    publish_next(office.sessions, office.clock(), **AS_SHIPPED, effective="2027-03-01", **groups)
    office.clock.now += timedelta(days=120)
    assert results_text(office) == before
    assert found(office, wave).model_dump() == wave.model_dump()
