"""What somebody of HR published, proposed or confirmed: shown to them, and it stays on record."""

import json

from storage import held
from storage.tables import ClauseReply, PolicyDraft
from tests.candor import HR, START, Candor
from tests.policy.drafts import publish_next
from tests.pulse.world import begin


def handed_in(candor: Candor) -> None:
    """HR has published a version, and handed in a draft that another has confirmed."""
    publish_next(candor.sessions, START, effective="2026-12-03", retention_weeks={"usage": 8})
    with candor.sessions.begin() as session:
        draft = PolicyDraft(id="d1", source="x", state="scheduled", proposed_by=HR, proposed_at=START)
        session.add(draft)
        session.add(PolicyDraft(id="d2", source="y", state="awaiting", proposed_by="U0H2", proposed_at=START))


def held_a_pulse(candor: Candor) -> None:
    """HR has opened a pulse and replied to it, and so has another."""
    wave = begin(candor, opened_by=HR)
    with candor.sessions.begin() as session:
        for number, author in enumerate((HR, "U0H2")):
            reply = ClauseReply(
                id=f"r{number}",
                clause=f"Clause {number}",
                wave=wave.number,
                text="Done.",
                written_by=author,
                written_at=START,
            )
            session.add(reply)


def shown_to(candor: Candor, user_id: str) -> str:
    user = candor.sandbox.user(user_id)
    user.command("/candor", "held")
    shown = str(candor.top_modal(user_id))
    user.close_modal()
    return shown


def test_who_published_and_proposed_is_shown_it_and_told_that_it_stays(candor: Candor) -> None:
    candor.join("U01")
    handed_in(candor)
    shown = shown_to(candor, HR)
    assert "Policy versions you published: this stays on record" in shown
    assert "number: 2 · published at: 2026-11-18" in shown
    assert "Policy drafts you proposed or confirmed" in shown
    assert shown.count("proposed at: ") == 1
    assert "Policy versions" not in shown_to(candor, "U01")


def test_who_confirmed_a_draft_of_somebody_else_is_shown_it(candor: Candor) -> None:
    handed_in(candor)
    with candor.sessions.begin() as session:
        draft = session.get(PolicyDraft, "d2")
        assert draft is not None
        draft.confirmed_by = HR
    assert shown_to(candor, HR).count("proposed at: ") == 2


def test_who_opened_a_pulse_and_replied_to_it_is_shown_it_and_told_that_it_stays(candor: Candor) -> None:
    candor.join("U01")
    held_a_pulse(candor)
    shown = shown_to(candor, HR)
    assert "Pulses you opened: this stays on record" in shown
    assert "number: 1 · opened at: 2026-11-18" in shown
    assert "Replies to a pulse that you wrote as HR: this stays on record" in shown
    assert "clause: Clause 0 · in answer to pulse: 1 · written at: 2026-11-18" in shown
    assert "Clause 1" not in shown
    assert "puls" not in shown_to(candor, "U01").replace("invitations to a pulse", "").replace("newest pulse", "")


def test_a_pulse_that_nobody_opened_is_on_nobodys_record(candor: Candor) -> None:
    begin(candor, opened_by="rhythm")
    assert "Pulses you opened" not in shown_to(candor, HR)


def test_it_is_in_the_files_and_stays_when_they_opt_out(candor: Candor) -> None:
    candor.opt_in(HR, "cursor")
    handed_in(candor)
    held_a_pulse(candor)
    user = candor.sandbox.user(HR)
    user.say("export")
    files = {file.name: file.content for file in candor.sandbox.workspace.files.values()}
    exported = json.loads(files["candor-held.json"])
    assert [row["number"] for row in exported["policy_version"]] == [2]
    assert [row["state"] for row in exported["policy_draft"]] == ["scheduled"]
    user.say("stop")
    assert [row["number"] for row in exported["wave"]] == [1]
    assert [row["clause"] for row in exported["clause_reply"]] == ["Clause 0"]
    said = candor.dms(HR)[-1].text
    assert "which policy versions you proposed, confirmed or published, which pulses you opened" in said
    assert "which replies to them you wrote, and when" in said
    user.press("held.erase_now")
    with candor.sessions.begin() as session:
        assert {"policy_version", "policy_draft", "wave", "clause_reply"} <= set(held.rows_of(session, HR))
