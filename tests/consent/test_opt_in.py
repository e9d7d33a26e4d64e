"""Opting in, through the Home tab."""

from storage import consents
from tests.candor import Candor


def test_the_form_names_the_policy_version_the_address_and_the_export_caveat(candor: Candor) -> None:
    candor.join("U01", email="ana@haldenlabs.example")
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("consent.open")

    form = str(candor.top_modal("U01"))
    assert "version 1" in form
    assert "ana@haldenlabs.example" in form
    assert "export direct messages" in form


def test_the_consent_is_stored_with_the_policys_hash_the_tools_and_the_address_of_this_moment(candor: Candor) -> None:
    candor.join("U01", email="Ana@HaldenLabs.example")
    candor.opt_in("U01", "claude-code", "cursor")

    with candor.sessions.begin() as session:
        held = consents.get(session, "U01")
    assert held is not None
    assert held.tools == ("claude-code", "cursor")
    assert held.identities == {"email": "ana@haldenlabs.example"}
    assert held.consent.granted_at == candor.clock()
    assert len(held.consent.policy_hash) == 64


def test_the_address_is_read_again_at_the_moment_of_submitting(candor: Candor) -> None:
    candor.join("U01", email="old@haldenlabs.example")
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("consent.open")
    candor.sandbox.workspace.update_user("U01", email="new@haldenlabs.example")
    user.fill_and_submit(values={"tools": ["cursor"]})

    with candor.sessions.begin() as session:
        held = consents.get(session, "U01")
    assert held is not None
    assert held.identities == {"email": "new@haldenlabs.example"}


def test_somebody_without_an_email_can_opt_in_with_check_ins_only(candor: Candor) -> None:
    candor.join("U01", email="")
    candor.opt_in("U01")

    with candor.sessions.begin() as session:
        held = consents.get(session, "U01")
    assert held is not None
    assert held.tools == ()
    assert held.identities == {}


def test_an_address_that_two_people_share_matches_neither_and_stores_nothing_for_the_second(candor: Candor) -> None:
    candor.join("U01", email="team@haldenlabs.example")
    candor.join("U02", email="TEAM@haldenlabs.example")
    candor.opt_in("U01", "cursor")
    user = candor.sandbox.user("U02")
    user.open_home()
    user.press("consent.open")
    result = user.fill_and_submit(values={"tools": ["cursor"]})

    assert "does not belong to you alone" in result.errors["tools"]
    with candor.sessions.begin() as session:
        assert consents.get(session, "U02") is None


def test_a_guest_and_a_bot_are_told_why_they_cannot_opt_in(candor: Candor) -> None:
    candor.join("UGUEST", is_restricted=True)
    user = candor.sandbox.user("UGUEST")
    user.open_home()
    assert "Guest accounts" in str(candor.sandbox.workspace.home("UGUEST"))
    user.command("/candor", "checkin")
    assert "Guest accounts" in str(candor.top_modal("UGUEST"))


def test_what_would_be_collected_is_shown_per_tool_with_an_example_row_before_opting_in(candor: Candor) -> None:
    candor.join("U01")
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("consent.collected")
    shown = str(candor.top_modal("U01"))
    for words in ("Claude Code", "GitHub Copilot", "Cursor", "ChatGPT", "An example row", "lines of code"):
        assert words in shown
    with candor.sessions.begin() as session:
        assert consents.get(session, "U01") is None


def test_the_receipt_is_a_file_with_the_fields_of_the_standard(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    user = candor.sandbox.user("U01")
    user.press("consent.receipt")
    (file,) = candor.sandbox.workspace.files.values()
    text = file.content.decode()
    for field in ("ISO/IEC TS 27560:2023", "record_id", "pii_principal_id", "privacy_notice", "event_state", "sha256"):
        assert field in text


def test_a_tool_that_is_no_longer_ticked_is_no_longer_consented_to(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor", "claude-code")
    candor.opt_in("U01", "cursor")
    with candor.sessions.begin() as session:
        held = consents.get(session, "U01")
    assert held is not None
    assert held.tools == ("cursor",)
