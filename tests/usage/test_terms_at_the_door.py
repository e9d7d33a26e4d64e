"""The door knows each person's own terms: of other tools, fields and times nothing is stored."""

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from bot.usage.importing import import_usage
from storage import policies
from storage.database import SessionFactory, reading
from storage.tables import Consent, ConsentTool, Identity, Person, UsageImport
from tests.policy.drafts import publish_next
from tests.usage.world import (
    ANA,
    BEN,
    EMAILS,
    LOGINS,
    NOW,
    Breaking,
    bring,
    claude,
    copilot,
    count,
    page,
    stored,
    table,
)

A, B = EMAILS[ANA], EMAILS[BEN]
DAY = "2026-11-16"
HEADER = "email,tool,surface,day,prompts,active,credits"
EVERY = f"{A},chatgpt,chat,{DAY},4,1,2.5"
LARGE = [f"{A},chatgpt,chat,{DAY},0"] * 60_000


def agree(sessions: SessionFactory, person_id: str, *tools: str, login: str | None = None) -> None:
    """This person consents to the newest version, or agrees to it anew."""
    with sessions.begin() as session:
        version = policies.newest(session)
        assert version is not None
        newest = version.hash
        if session.get(Person, person_id) is None:
            session.add(Person(id=person_id, tz="UTC"))
            session.flush()
            session.add(Consent(person_id=person_id, receipt_id=person_id, policy_hash=newest, granted_at=NOW))
            session.add_all(ConsentTool(person_id=person_id, tool=tool, since=date(2020, 1, 1)) for tool in tools)
            names = {"email": EMAILS[person_id]} | ({"github_login": login} if login else {})
            session.add_all(
                Identity(person_id=person_id, kind=kind, value=value, verified_by="Slack profile")
                for kind, value in names.items()
            )
        else:
            session.connection().execute(
                update(Consent).where(Consent.__table__.c.person_id == person_id).values(policy_hash=newest)  # type: ignore[attr-defined]
            )


def terms(**fields: Any) -> dict[str, Any]:
    return {"chatgpt": "all", "cursor": "all", "claude-code": "all", "copilot": "all"} | fields


def test_only_the_fields_of_a_persons_own_terms_are_stored(sessions: SessionFactory) -> None:
    """Ana agreed to two fields; the version that Ben agreed to keeps all of them, and hers stay two."""
    publish_next(sessions, NOW, tools=terms(chatgpt=["prompts", "active"]))
    agree(sessions, ANA, "chatgpt")
    publish_next(sessions, NOW, tools=terms())
    agree(sessions, BEN, "chatgpt")
    summary = bring(sessions, table(EVERY, f"{B},chatgpt,chat,{DAY},5,0,1", header=HEADER), "csv")
    of_ana, of_ben = (stored(sessions)[who, "chatgpt", "chat", DAY] for who in (ANA, BEN))
    assert of_ana == {"prompts": 4, "active": True}
    assert set(of_ben) == {"prompts", "active", "credits", "credit_unit"}
    assert (summary.kept, summary.matched) == (2, 2)


@pytest.mark.parametrize(
    ("source", "content", "tool", "kept"),
    [
        ("claude-code", page(claude()), "claude-code", ("sessions", "tokens_out")),
        ("copilot", copilot(), "copilot", ("prompts",)),
        ("csv", table(EVERY, header=HEADER), "chatgpt", ("credits", "credit_unit")),
    ],
    ids=["claude-code", "copilot", "csv"],
)
def test_whatever_the_source_no_other_column_is_written(
    sessions: SessionFactory, source: str, content: Any, tool: str, kept: tuple[str, ...]
) -> None:
    text = content if isinstance(content, str) else json.dumps(content) + "\n"
    publish_next(sessions, NOW, tools=terms(**{tool: list(kept)}))
    agree(sessions, ANA, tool, login=LOGINS[ANA])
    assert bring(sessions, text, source).kept
    rows = stored(sessions)
    assert rows
    assert all(set(row) <= set(kept) for row in rows.values())


def test_of_a_tool_that_a_persons_terms_do_not_name_nothing_is_looked_at(sessions: SessionFactory) -> None:
    publish_next(sessions, NOW, tools=terms())
    agree(sessions, ANA, "chatgpt", "cursor")
    publish_next(sessions, NOW, tools=["cursor"])
    summary = bring(sessions, table(f"{A},chatgpt,chat,{DAY},x", f"{A},cursor,ide,{DAY},2"), "csv")
    assert list(stored(sessions)) == [(ANA, "cursor", "ide", DAY)]
    # What is wrong with a row that is none of ours is not said either.
    assert (summary.kept, summary.dropped_not_consenting, summary.rejected_total, summary.unmatched) == (1, 1, 0, 0)
    assert count(sessions, UsageImport) == 1


def test_when_nobodys_terms_name_the_tool_the_file_is_not_even_read(sessions: SessionFactory) -> None:
    publish_next(sessions, NOW, tools=terms())
    agree(sessions, ANA, "chatgpt")
    publish_next(sessions, NOW, tools=["cursor"])
    assert bring(sessions, "not a table", "csv").outcome == "nobody"


def test_a_row_of_which_nothing_is_left_is_not_stored(sessions: SessionFactory) -> None:
    """It would still say that there was something on that day."""
    publish_next(sessions, NOW, tools=terms(chatgpt=["active"]))
    agree(sessions, ANA, "chatgpt")
    header = "email,tool,surface,day,prompts,active"
    summary = bring(sessions, table(f"{A},chatgpt,chat,{DAY},4,", header=header), "csv")
    assert stored(sessions) == {}
    assert (summary.kept, summary.dropped_not_consenting, summary.data_through) == (0, 1, None)
    assert count(sessions, UsageImport) == 0


def test_an_old_file_does_not_bring_back_a_field_that_was_dropped(sessions: SessionFactory) -> None:
    publish_next(sessions, NOW, tools=terms())
    agree(sessions, ANA, "chatgpt")
    old = table(EVERY, header=HEADER)
    bring(sessions, old, "csv")
    publish_next(sessions, NOW, tools=terms(chatgpt=["active"]))
    bring(sessions, old, "csv")
    assert stored(sessions) == {(ANA, "chatgpt", "chat", DAY): {"active": True}}


def test_a_looser_version_opens_nothing_until_it_is_agreed_to(sessions: SessionFactory) -> None:
    publish_next(sessions, NOW, tools=terms(chatgpt=["active"]))
    agree(sessions, ANA, "chatgpt")
    publish_next(sessions, NOW, tools=terms())
    content = table(EVERY, header=HEADER)
    bring(sessions, content, "csv")
    assert set(stored(sessions)[ANA, "chatgpt", "chat", DAY]) == {"active"}
    agree(sessions, ANA)
    bring(sessions, content, "csv")
    assert set(stored(sessions)[ANA, "chatgpt", "chat", DAY]) == {"active", "prompts", "credits", "credit_unit"}


def test_a_coming_version_binds_from_its_day_on(sessions: SessionFactory) -> None:
    publish_next(sessions, NOW, tools=terms())
    agree(sessions, ANA, "chatgpt")
    publish_next(sessions, NOW, effective="2026-11-25", tools=terms(chatgpt=["active"]))
    content, day = table(EVERY, header=HEADER), timedelta(days=5)
    bring(sessions, content, "csv")
    assert "prompts" in stored(sessions)[ANA, "chatgpt", "chat", DAY]
    bring(sessions, content, "csv", now=NOW + day)
    assert set(stored(sessions)[ANA, "chatgpt", "chat", DAY]) == {"active"}


def test_days_that_would_be_too_old_to_keep_are_not_taken(sessions: SessionFactory) -> None:
    publish_next(sessions, NOW, retention_weeks={"usage": 2})
    agree(sessions, ANA, "chatgpt")
    summary = bring(sessions, table(*(f"{A},chatgpt,chat,2026-11-{day:02},1" for day in (1, 2, 16))), "csv")
    assert sorted(day for _, _, _, day in stored(sessions)) == ["2026-11-02", "2026-11-16"]
    assert (summary.kept, summary.dropped_not_consenting) == (2, 1)


@pytest.mark.parametrize("many", [False, True], ids=["small", "large"])
def test_a_stricter_version_published_while_the_file_is_read_counts(sessions: SessionFactory, many: bool) -> None:
    publish_next(sessions, NOW, tools=terms())
    agree(sessions, ANA, "chatgpt")
    agree(sessions, BEN, "cursor")

    def publish() -> None:
        publish_next(sessions, NOW, tools=terms(chatgpt=["active"]))

    lines = table(f"{A},chatgpt,chat,{DAY},4", *(LARGE if many else ()), f"{B},cursor,ide,{DAY},2").encode()
    summary = import_usage(sessions, Breaking(lines, publish), "csv", now=NOW)  # type: ignore[arg-type]
    assert {key[0] for key in stored(sessions)} == {BEN}
    assert summary.kept == 1


def test_a_looser_consent_given_while_the_file_is_read_loses_nothing(sessions: SessionFactory) -> None:
    publish_next(sessions, NOW, tools=terms(chatgpt=["active"]))
    agree(sessions, ANA, "chatgpt")

    def loosen() -> None:
        publish_next(sessions, NOW, tools=terms())
        agree(sessions, ANA)

    lines = table(EVERY, header=HEADER).encode()
    summary = import_usage(sessions, Breaking(lines, loosen), "csv", now=NOW)  # type: ignore[arg-type]
    assert stored(sessions) == {(ANA, "chatgpt", "chat", DAY): {"active": True}}
    assert summary.kept == 1


def test_logins_of_people_whose_terms_do_not_name_copilot_are_not_kept(sessions: SessionFactory) -> None:
    publish_next(sessions, NOW, tools=terms())
    agree(sessions, ANA, "copilot")
    publish_next(sessions, NOW, tools=["cursor"])
    publish_next(sessions, NOW, tools=["copilot"])
    agree(sessions, BEN, "copilot")
    logins = f"login,email\n{LOGINS[ANA]},{A}\n{LOGINS[BEN]},{B}\n".encode()
    rows = "".join(json.dumps(copilot(LOGINS[who])) + "\n" for who in (ANA, BEN))
    assert bring(sessions, rows, "copilot", logins=io.BytesIO(logins)).matched == 1
    assert {key[0] for key in stored(sessions)} == {BEN}
    with reading(sessions) as session:
        known = session.exec(select(Identity.person_id).where(Identity.kind == "github_login")).all()
    assert known == [BEN]
