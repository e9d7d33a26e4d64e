"""What somebody of HR published, proposed or confirmed: shown to them, and it stays on record."""

import json

from storage import held
from storage.tables import PolicyDraft
from tests.candor import HR, START, Candor
from tests.policy.drafts import publish_next


def handed_in(candor: Candor) -> None:
    """HR has published a version, and handed in a draft that another has confirmed."""
    publish_next(candor.sessions, START, effective="2026-12-03", retention_weeks={"usage": 8})
    with candor.sessions.begin() as session:
        draft = PolicyDraft(id="d1", source="x", state="scheduled", proposed_by=HR, proposed_at=START)
        session.add(draft)
        session.add(PolicyDraft(id="d2", source="y", state="awaiting", proposed_by="U0H2", proposed_at=START))


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


def test_it_is_in_the_files_and_stays_when_they_opt_out(candor: Candor) -> None:
    candor.opt_in(HR, "cursor")
    handed_in(candor)
    user = candor.sandbox.user(HR)
    user.say("export")
    files = {file.name: file.content for file in candor.sandbox.workspace.files.values()}
    exported = json.loads(files["candor-held.json"])
    assert [row["number"] for row in exported["policy_version"]] == [2]
    assert [row["state"] for row in exported["policy_draft"]] == ["scheduled"]
    user.say("stop")
    assert "which policy versions you proposed, confirmed or published, and when" in candor.dms(HR)[-1].text
    user.press("held.erase_now")
    with candor.sessions.begin() as session:
        assert {"policy_version", "policy_draft"} <= set(held.rows_of(session, HR))
