"""What is agreed to: always the newest version, in words that say what it loosens, and never unawares."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from storage import consents, held, preferences
from storage.tables import Consent, ConsentTool
from tests.candor import START, Candor
from tests.policy.drafts import publish_next

SOON = str((START + timedelta(days=15)).date())


def consent_of(candor: Candor, user_id: str) -> Consent:
    with candor.sessions.begin() as session:
        record = consents.get(session, user_id)
    assert record is not None
    return record.consent


def hash_of(candor: Candor, number: int) -> str:
    with candor.sessions.begin() as session:
        sql = f"SELECT hash FROM policy_version WHERE number = {number}"
        return str(session.connection().exec_driver_sql(sql).scalar_one())


@pytest.fixture
def company(candor: Candor) -> Candor:
    """The bot with a second version in force, that needs no notice of the next."""
    publish_next(candor.sessions, START, effective=SOON)
    candor.clock.pass_by(days=15)
    candor.join("U01")
    return candor


def publish(candor: Candor, **changes: Any) -> None:
    publish_next(candor.sessions, candor.clock(), **changes)


def form(candor: Candor, user_id: str = "U01") -> str:
    """The words of the form to opt in, or to change tools."""
    user = candor.sandbox.user(user_id)
    user.open_home()
    user.press("consent.open", view=candor.sandbox.workspace.home(user_id))
    return str(candor.top_modal(user_id))


def test_who_opts_in_agrees_to_the_newest_version_also_when_it_takes_effect_later(company: Candor) -> None:
    publish(company, effective="2026-12-24", title="Coming", smallest_group=6)
    words = form(company)
    assert "version 3, which takes effect on 24 December 2026" in words
    assert "Until then the stricter of it and the version in force holds for you" in words
    company.opt_in("U01", "cursor")
    consent = consent_of(company, "U01")
    assert (consent.policy_hash, consent.noticed) == (hash_of(company, 3), 3)


def test_the_form_says_what_a_newer_version_loosens_before_it_is_agreed_to(company: Candor) -> None:
    company.opt_in("U01", "cursor")
    publish(company, retention_weeks={"usage": 8, "messages": 8}, tools={"claude-code": "all", "cursor": ["requests"]})
    publish(company, retention_weeks={"usage": 52}, smallest_group=4, tools={"claude-code": "all", "cursor": "all"})
    words = form(company)
    assert "You agreed to version 2 before. *Version 4 is looser.*" in words
    assert "This would be looser for you, also for what is held already" in words
    # From what binds this person, which is not what any one version says.
    assert "Weeks that usage is kept: 52, until now 8" in words
    assert "Weeks that messages with figures are kept in Slack: 26, until now 8" in words
    assert "Fields kept of Cursor: now also" in words
    assert "Smallest group that anything is shown of: 4, until now 5" in words
    assert "check-ins are kept" not in words


def test_the_form_says_when_nothing_becomes_looser(company: Candor) -> None:
    company.opt_in("U01", "cursor")
    publish(company, retention_weeks={"usage": 8})
    words = form(company)
    assert "To save this form is to agree to version 3.* Nothing becomes looser for you by that." in words


def test_the_form_says_nothing_of_other_versions_to_who_agreed_to_this_one_or_to_none(company: Candor) -> None:
    assert "before" not in form(company)
    company.sandbox.user("U01").close_modal()
    company.opt_in("U01", "cursor")
    assert "To save this form" not in form(company)


def test_a_looser_version_that_is_still_to_come_is_said_with_its_day(company: Candor) -> None:
    company.opt_in("U01", "cursor")
    publish(company, effective="2026-12-24", retention_weeks={"usage": 52})
    assert "From 24 December 2026 this would be looser for you, also for what is held by then" in form(company)


def test_changing_tools_agrees_to_nothing_looser_unless_the_person_says_so(company: Candor) -> None:
    company.opt_in("U01", "cursor")
    before = consent_of(company, "U01")
    publish(company, retention_weeks={"usage": 52})
    assert "Stay with version 2: my stricter terms go on to hold" in form(company)
    assert company.sandbox.user("U01").fill_and_submit(values={"tools": ["chatgpt"], "private": ["yes"]}).ok
    assert "You stay with the version you agreed to" in str(company.top_modal("U01"))
    after = consent_of(company, "U01")
    assert (after.policy_hash, after.granted_at, after.receipt_id) == (
        hash_of(company, 2),
        before.granted_at,
        before.receipt_id,
    )
    assert not after.figures_in_dm
    with company.sessions.begin() as session:
        record = consents.get(session, "U01")
    assert record is not None and record.tools == ("chatgpt",)


def test_who_stays_with_a_version_cannot_take_a_tool_that_it_does_not_name(company: Candor) -> None:
    publish(company, tools={"cursor": "all"})
    company.opt_in("U01", "cursor")
    publish(company, tools={"cursor": "all", "chatgpt": "all"})
    form(company)
    result = company.sandbox.user("U01").fill_and_submit(values={"tools": ["cursor", "chatgpt"]})
    assert "A tool you ticked is not in the version you stay with" in result.errors["tools"]


def test_agreeing_to_the_newest_version_is_said_in_so_many_words(company: Candor) -> None:
    company.opt_in("U01", "cursor")
    publish(company, retention_weeks={"usage": 52})
    form(company)
    assert company.sandbox.user("U01").fill_and_submit(values={"tools": ["chatgpt"], "stay": []}).ok
    assert "You have agreed to version 3 of the policy" in str(company.top_modal("U01"))
    consent = consent_of(company, "U01")
    assert (consent.policy_hash, consent.noticed) == (hash_of(company, 3), 3)


def test_a_form_that_was_open_while_a_newer_version_came_agrees_to_nothing(company: Candor) -> None:
    """Its words were not those of the newer version: nobody is loosened by a text they have not seen."""
    company.opt_in("U01", "cursor")
    form(company)
    publish(company, retention_weeks={"usage": 52})
    result = company.sandbox.user("U01").fill_and_submit(values={"tools": ["chatgpt"]})
    assert "A newer version of the policy was published while this form was open" in str(result.errors)
    consent = consent_of(company, "U01")
    assert (consent.policy_hash, consent.noticed) == (hash_of(company, 2), 2)
    assert "Version 3 is looser" in form(company)


def test_a_form_of_the_version_of_the_program_before_is_not_taken_for_one_that_was_read(company: Candor) -> None:
    user = company.sandbox.user("U01")
    form(company)
    opened = company.top_modal("U01") | {"private_metadata": "U01|change"}
    result = user.fill_and_submit(opened, values={"tools": ["cursor"]})
    assert not result.ok
    with company.sessions.begin() as session:
        assert consents.get(session, "U01") is None


def test_what_was_read_stays_read_when_the_same_version_is_agreed_to_again(company: Candor) -> None:
    company.opt_in("U01", "cursor")
    with company.sessions.begin() as session:
        consent = session.get_one(Consent, "U01")
        consent.read_version, consent.read_at = 2, company.clock()
    company.opt_in("U01", "chatgpt")
    assert (consent_of(company, "U01").read_version, consent_of(company, "U01").read_at) == (2, company.clock())
    publish(company, retention_weeks={"usage": 8})
    company.opt_in("U01", "chatgpt")
    assert (consent_of(company, "U01").read_version, consent_of(company, "U01").read_at) == (None, None)


def test_what_is_held_shows_what_was_read_in_plain_words_and_which_terms_bind_it(company: Candor) -> None:
    company.opt_in("U01", "cursor")
    with company.sessions.begin() as session:
        consent = session.get_one(Consent, "U01")
        consent.read_version, consent.read_at = 2, company.clock()
    publish(company, retention_weeks={"usage": 8, "check_ins": 9})
    publish(company, retention_weeks={"usage": 52, "messages": 7})
    company.sandbox.user("U01").command("/candor", "held")
    shown = str(company.top_modal("U01"))
    assert "newest policy version you agreed to or were told of: 2" in shown
    assert "policy version you said you have read: 2" in shown
    assert "when you said so: 2026-12-03T12:00:00+00:00" in shown
    assert "You agreed to version 2 of the policy; version 4 is in force. Your own terms are stricter" in shown
    assert "goes after 8 weeks, check-ins after 9, messages with figures after 7" in shown


def test_the_receipt_has_the_terms_of_the_version_that_was_agreed_to(company: Candor) -> None:
    publish(company, language="de", retention_weeks={"usage": 8}, tools={"claude-code": "all", "cursor": ["requests"]})
    company.opt_in("U01", "cursor")
    company.sandbox.user("U01").press("consent.receipt")
    (file,) = company.sandbox.workspace.files.values()
    processing = json.loads(file.content)["pii_processing"]
    (purpose,) = processing["purposes"]
    assert (processing["language"], processing["privacy_notice"]["version"]) == ("de", 3)
    assert purpose["pii_information"][0] == {"pii_type": "Daily counts from Cursor", "attributes": ["requests"]}
    assert purpose["retention_period"]["usage"] == "8 weeks, or until withdrawn"
    assert purpose["retention_period"]["check-ins"] == "26 weeks, or until withdrawn"
    assert set(purpose["retention_period"]) == {
        "usage", "check-ins", "messages and files in Slack that hold figures",
        "everything, once your Slack account is switched off",
    }  # fmt: skip


def test_what_is_collected_shows_the_fields_that_the_newest_version_keeps(company: Candor) -> None:
    publish(company, tools={"claude-code": ["sessions"], "cursor": "all"})
    user = company.sandbox.user("U01")
    user.open_home()
    user.press("consent.collected")
    shown = str(company.top_modal("U01"))
    assert "*sessions*" in shown and "*tokens out*" not in shown
    assert "tokens out (not kept under this policy)" in shown
    assert "tokens out: " not in shown
    assert "GitHub Copilot" not in shown


def test_who_is_bound_by_stricter_terms_is_shown_those_as_what_is_collected(company: Candor) -> None:
    publish(company, tools={"claude-code": ["sessions"]})
    company.opt_in("U01", "claude-code")
    publish(company, tools={"claude-code": "all", "cursor": "all"})
    user = company.sandbox.user("U01")
    user.press("consent.collected", view=company.sandbox.workspace.home("U01"))
    shown = str(company.top_modal("U01"))
    assert "only what your own terms keep" in shown
    assert "*sessions*" in shown and "*tokens out*" not in shown


@pytest.mark.parametrize("hour", [0, 7, 23])
def test_the_first_digest_comes_at_the_hour_of_the_policy_in_force(company: Candor, hour: int) -> None:
    publish(company, hours={"digest": hour})
    publish(company, effective="2026-12-24", hours={"digest": 15}, title="Coming")
    company.opt_in("U01", "cursor")
    with company.sessions.begin() as session:
        preference = preferences.get(session, "U01")
    assert preference is not None and preference.next_due is not None
    assert preference.hour == hour
    assert preference.next_due.hour == (hour - 1) % 24
    company.sandbox.user("U01").open_home()
    assert f"{hour:02d}:00" in str(company.sandbox.workspace.home("U01"))


def test_an_hour_that_somebody_has_stays_when_the_policys_changes(company: Candor) -> None:
    company.opt_in("U01", "cursor")
    publish(company, hours={"digest": 15})
    company.opt_in("U01", "chatgpt")
    with company.sessions.begin() as session:
        preference = preferences.get(session, "U01")
        assert {"consent", "consent_tool", "identity", "preference"} <= set(held.rows_of(session, "U01"))
    assert preference is not None
    assert preference.hour == 9


def test_agreeing_to_a_looser_version_brings_back_nothing_older_than_this_week(company: Candor) -> None:
    def since() -> date:
        with company.sessions() as session:
            return session.get_one(ConsentTool, ("U01", "cursor")).since

    company.opt_in("U01", "cursor")
    first = since()
    company.clock.pass_by(days=14)
    company.opt_in("U01", "cursor")
    assert since() == first
    publish(company, retention_weeks={"usage": 52})
    company.opt_in("U01", "cursor")
    assert since() == first + timedelta(days=14)
