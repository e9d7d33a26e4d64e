"""The policy file, and reading it in Slack."""

from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.policy.document import read_policy
from bot.policy.versions import ensure_published
from bot.policy.views import clauses, reader
from bot.settings import Settings
from storage import policies
from storage.database import SessionFactory
from storage.tables import PolicyVersion
from tests.candor import START, Candor

GOOD = """---
title: A policy
contact: the owner
effective: 2026-09-01
terms:
  tools: [cursor]
  retention_weeks: 12
---
# Kept

For {retention_weeks} weeks, from {tools}.
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_sample_is_a_good_policy_and_short_enough_to_read() -> None:
    document = read_policy(Settings.model_fields["policy"].default)
    assert 200 < len(document.text.split()) < 900
    assert "{" not in document.text


def test_the_prose_takes_its_numbers_from_the_terms(tmp_path: Path) -> None:
    assert "For 12 weeks, from cursor." in read_policy(written(tmp_path, GOOD)).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("retention_weeks: 12", "retention_weeks: none"), "terms.retention_weeks"),
        (("[cursor]", "[cursr]"), "cursr: not a tool"),
        (("[cursor]", "[cursor, cursor]"), "named twice"),
        (("[cursor]", "[]"), "terms.tools"),
        (("title: A policy", "titel: A policy"), "title: Field required"),
        (("title: A policy", "1: A policy"), "title: Field required"),
        (("title: A policy", "title: [A"), "cannot be read"),
        (("effective: 2026-09-01", "effective: soon"), "effective"),
        (("# Kept", "x" * 60_001), "text"),
    ],
)
def test_a_faulty_policy_is_refused_and_the_field_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(OperatorError, match=r"policy\.md") as error:
        read_policy(written(tmp_path, GOOD.replace(*change)))
    assert said in str(error.value)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert read_policy(written(tmp_path, "\ufeff" + GOOD)).title == "A policy"


def test_a_changed_file_does_not_change_what_people_agreed_to(sessions: SessionFactory, tmp_path: Path) -> None:
    first = ensure_published(sessions, written(tmp_path, GOOD), START)
    again = ensure_published(sessions, written(tmp_path, GOOD.replace("12", "500")), START)
    assert again.hash == first.hash
    with sessions.begin() as session:
        current = policies.newest(session)
        assert current is not None
        assert (current.number, current.terms["retention_weeks"]) == (1, 12)


def test_markup_in_the_policy_is_shown_as_written_and_a_long_one_fits_a_modal() -> None:
    text = "\n\n".join(f"# Clause {n} <!channel>\n\n{'word & ' * 60}" for n in range(120))
    version = PolicyVersion(
        hash="0" * 64, number=1, title="t", contact="c", effective=START.date(), text=text, terms={}
    )
    view = reader(version)
    assert len(view["blocks"]) <= 100
    assert "<!channel>" not in str(view)
    assert len(clauses(text)) == 120


def test_the_whole_policy_can_be_read_from_home(candor: Candor) -> None:
    candor.join("U01")
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("policy.read")
    shown = str(candor.top_modal("U01"))
    for heading in ("Who sees it", "What it is never used for", "Opting in and out"):
        assert heading in shown
