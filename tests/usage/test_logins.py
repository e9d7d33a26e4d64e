"""GitHub logins from the identity provider: whose are kept, and what happens to those that are unclear."""

import json

import pytest
from sqlalchemy import Delete, Update, delete, update
from sqlmodel import col, select

from storage import usage
from storage.database import SessionFactory
from storage.tables import ConsentTool, Identity
from tests.usage.world import ANA, BEN, CLEO, EMAILS, LOGINS, bring, copilot, join, pipe, stored

A = EMAILS[ANA]


def _logins(*pairs: tuple[str, str]) -> bytes:
    return "\n".join(["email,login", *(f"{EMAILS[person]},{login}" for person, login in pairs)]).encode()


def _days_of(sessions: SessionFactory) -> set[str]:
    return {key[0] for key in stored(sessions)}


def test_of_the_list_of_logins_only_pairs_of_consenting_people_are_kept(sessions: SessionFactory) -> None:
    join(sessions, ANA, "copilot")
    join(sessions, BEN, "cursor")
    content = "\n".join(json.dumps(copilot(LOGINS[person])) for person in (ANA, BEN, CLEO))
    names = _logins((ANA, LOGINS[ANA].upper()), (BEN, LOGINS[BEN]), (CLEO, LOGINS[CLEO]))
    summary = bring(sessions, content, "copilot", logins=pipe(names))
    assert (summary.kept, summary.dropped_not_consenting, summary.unmatched) == (1, 2, 0)
    assert _known(sessions) == {LOGINS[ANA]: ANA}


def _known(sessions: SessionFactory) -> dict[str, str]:
    with sessions.begin() as session:
        return usage.identities(session, ["copilot"], "github_login").get("copilot", {})


def test_a_person_without_a_login_is_counted_and_matched_once_it_is_known(sessions: SessionFactory) -> None:
    join(sessions, ANA, "copilot")
    content = json.dumps(copilot())
    summary = bring(sessions, content, "copilot")
    assert (summary.kept, summary.unmatched) == (0, 1)
    assert bring(sessions, content, "copilot", logins=pipe(_logins((ANA, LOGINS[ANA])))).unmatched == 0
    assert bring(sessions, content, "copilot").kept == 1


@pytest.mark.parametrize(
    "names",
    [
        json.dumps([{"login": LOGINS[ANA], "email": A}]),
        json.dumps({"login": LOGINS[ANA], "email": A}),
        json.dumps(
            {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": 1,
                "Resources": [
                    {
                        "userName": LOGINS[ANA],
                        "emails": [{"value": "other@example.com"}, {"value": A, "primary": True}],
                    }
                ],
            }
        ),
        f'\ufeffLogin,Name,Email\r\n{LOGINS[ANA]},"Reyes, Ana",{A.upper()}\r\n',
    ],
    ids=["array", "line", "scim", "csv"],
)
def test_the_list_may_be_csv_or_json_of_the_identity_provider(sessions: SessionFactory, names: str) -> None:
    join(sessions, ANA, "copilot")
    bring(sessions, json.dumps(copilot()), "copilot", logins=pipe(names.encode()))
    assert _days_of(sessions) == {ANA}


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (b"email;login\n", "the columns are separated by semicolons; commas are needed"),
        (b"email,name\n", "the column is missing"),
        (b"", "the file is empty"),
        (b"\x89PNG\0", "the file is not text"),
    ],
)
def test_a_list_that_cannot_be_read_stops_the_import_before_the_file_is_touched(
    sessions: SessionFactory, names: bytes, reason: str
) -> None:
    join(sessions, ANA, "copilot", login=LOGINS[ANA])
    summary = bring(sessions, json.dumps(copilot()), "copilot", logins=pipe(names))
    assert (summary.outcome, summary.read) == ("refused", 0)
    assert (summary.rejected[0].part, summary.rejected[0].reason) == ("logins", reason)
    assert stored(sessions) == {}


def test_a_login_that_is_none_is_rejected_for_consenting_people_alone(sessions: SessionFactory) -> None:
    join(sessions, ANA, "copilot")
    names = _logins((ANA, A), (BEN, "no login"))
    summary = bring(sessions, json.dumps(copilot()), "copilot", logins=pipe(names))
    assert [str(each) for each in summary.rejected] == ["logins, line 2, column login: is not a GitHub login"]
    assert _known(sessions) == {}


@pytest.mark.parametrize("pairs", [((ANA, "x1"), (BEN, "x1")), ((ANA, "x1"), (ANA, "x2"), (BEN, "x2"))])
def test_a_login_that_could_be_two_peoples_is_nobodys(
    sessions: SessionFactory, pairs: tuple[tuple[str, str], ...]
) -> None:
    join(sessions, ANA, "copilot")
    join(sessions, BEN, "copilot")
    summary = bring(sessions, json.dumps(copilot("x1")), "copilot", logins=pipe(_logins(*pairs)))
    assert summary.kept == 0
    assert summary.rejected_total
    assert ANA not in _known(sessions).values()


def test_logins_that_changed_hands_follow_the_identity_provider(sessions: SessionFactory) -> None:
    join(sessions, ANA, "copilot", login="old-ana")
    join(sessions, BEN, "copilot", login="old-ben")
    join(sessions, CLEO, "copilot", login="cleo")
    names = _logins((ANA, "old-ben"), (BEN, "cleo"))
    bring(
        sessions,
        "\n".join(json.dumps(copilot(login)) for login in ("old-ben", "old-ana")),
        "copilot",
        logins=pipe(names),
    )
    assert _known(sessions) == {"old-ben": ANA, "cleo": BEN}
    assert _days_of(sessions) == {ANA}


@pytest.mark.parametrize(
    "changed",
    [
        delete(ConsentTool).where(col(ConsentTool.person_id) == ANA),
        update(Identity).where(col(Identity.value) == A).values(value="ana.new@haldenlabs.example"),
    ],
    ids=["withdrawn", "address"],
)
def test_a_login_is_not_kept_of_who_withdraws_or_gets_another_address_while_the_file_is_read(
    sessions: SessionFactory, changed: Delete | Update
) -> None:
    join(sessions, ANA, "copilot")
    join(sessions, BEN, "copilot")
    content = "\n".join(json.dumps(copilot(LOGINS[person])) for person in (ANA, BEN)).encode()
    names = pipe(_logins((ANA, LOGINS[ANA]), (BEN, LOGINS[BEN])))

    def change(_bytes: int) -> None:
        with sessions.begin() as session:
            session.exec(changed)

    summary = bring(sessions, content, "copilot", logins=names, progress=change)
    assert _known(sessions) == {LOGINS[BEN]: BEN}
    assert _days_of(sessions) == {BEN}
    assert summary.matched == 1
    with sessions.begin() as session:
        assert session.exec(select(Identity.value).where(Identity.kind == "github_login")).all() == [LOGINS[BEN]]
