"""The table of what enforces each term is held to the code; and what of it a person is shown."""

import ast
import re
from pathlib import Path

import pytest

from bot.policy.kept.enforcement import Row, rows
from bot.policy.publishing.words import label
from bot.policy.terms import Terms, flat
from bot.usage.catalogue import TOOLS
from tests.candor import START, Candor
from tests.policy.drafts import TERMS, publish_next

ROOT = Path(__file__).parents[2]
EVERY = rows(Terms.model_validate({**TERMS, "tools": list(TOOLS)}))


def defined_in(path: str) -> set[str]:
    """Every function, method and class that this file defines."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, kinds)}


def test_every_term_has_exactly_one_row() -> None:
    terms = Terms.model_validate({**TERMS, "tools": list(TOOLS)})
    assert [row.term for row in EVERY] == list(flat(terms))
    assert {row.term: row.value for row in EVERY} == flat(terms)


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.term)
def test_what_is_said_to_enforce_a_term_exists_and_so_does_the_test_that_proves_it(row: Row) -> None:
    for function in row.rule.functions:
        path, _, name = function.partition(": ")
        assert name in defined_in(path), function
    path, _, name = row.rule.test.partition("::")
    assert name in defined_in(path), row.rule.test


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.term)
def test_no_setting_reaches_what_enforces_a_term(row: Row) -> None:
    """What does not know the settings cannot be loosened by them."""
    for function in row.rule.functions:
        tree = ast.parse((ROOT / function.partition(": ")[0]).read_text())
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert "bot.settings" not in imported, function


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.term)
def test_a_term_said_to_be_kept_is_read_by_the_code_outside_of_the_policy_itself(row: Row) -> None:
    """A term that nothing reads cannot be kept. Fields are read with their tool; who sees figures is one type."""
    if row.term.startswith(("tools", "who_sees.")):
        return
    group, _, name = row.term.partition(".")
    assert _reads(group, name), row.term


def _reads(group: str, name: str) -> set[str]:
    """The files that read `….retention_weeks.usage` or, through a name for the group, `kept.usage`."""
    found = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        text = path.read_text()
        if {"policy", "sandbox", "demo"} & set(path.relative_to(ROOT).parts) and "publishing" not in path.parts:
            continue
        attributes = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
        if {group, name or group} <= attributes:
            found.add(str(path.relative_to(ROOT)))
    return found


def kept_modal(candor: Candor, user_id: str) -> str:
    """The modal, as the button in Home opens it."""
    user = candor.sandbox.user(user_id)
    user.open_home()
    user.press("policy.kept", view=candor.sandbox.workspace.home(user_id))
    return str(candor.top_modal(user_id))


def test_what_the_machine_keeps_and_what_only_people_can_keep_is_shown_to_everybody(candor: Candor) -> None:
    candor.join("U01")
    shown = kept_modal(candor, "U01")
    for words in ("What the machine keeps", "What only people can keep", "How you can check"):
        assert words in shown
    machine, _, people = shown.partition("'What only people can keep'")
    assert "Weeks that usage is kept: 26" in machine and "Fields kept of Cursor: " in machine
    assert "Smallest group that anything is shown of: 5" in machine
    assert "Who sees team summaries: managers, leaders and HR" in machine
    assert "What it is never used for" in people and "Performance reviews, pay, promotion" in people
    assert "How long it is kept" not in people
    # For employees: no name of a file or a function.
    assert ".py" not in shown and "delete_" not in shown
    assert "You agreed" not in shown


def test_each_term_is_listed_once_by_a_name_of_its_own() -> None:
    names = [label(row.term) for row in EVERY]
    assert len(set(names)) == len(names)


def test_who_is_bound_by_stricter_terms_sees_their_own_values_and_that_they_are(candor: Candor) -> None:
    candor.join("U01")
    candor.join("U02")
    publish_next(candor.sessions, START, effective="2026-12-03", retention_weeks={"usage": 8})
    candor.clock.pass_by(days=15)
    candor.opt_in("U01", "cursor")
    publish_next(candor.sessions, candor.clock(), retention_weeks={"usage": 30}, hours={"digest": 7})
    shown = kept_modal(candor, "U01")
    assert "You agreed to version 2 of the policy; version 3 is in force. Your own terms are stricter" in shown
    assert "The values below are your own" in shown
    assert "Weeks that usage is kept: 8" in shown and "usage is kept: 30" not in shown
    assert "unless you chose another: 07:00" in shown
    other = kept_modal(candor, "U02")
    assert "Weeks that usage is kept: 30" in other and "your own" not in other


def test_an_old_version_without_marks_says_so(candor: Candor) -> None:
    publish_next(candor.sessions, START, effective="2026-12-03", body="# Only text\n\nNothing is marked.\n")
    candor.clock.pass_by(days=15)
    candor.join("U01")
    assert "marks no clause as a promise of people" in kept_modal(candor, "U01")


def test_markup_in_a_promise_is_shown_as_written_and_a_very_long_policy_fits(candor: Candor) -> None:
    body = "\n\n".join(
        f"# Promise {n} <!channel>\n<!-- promise -->\n\n<@U0HR> *words* & <script>" + "word " * 60 for n in range(140)
    )
    publish_next(candor.sessions, START, effective="2026-12-03", body=body)
    candor.clock.pass_by(days=15)
    candor.join("U01")
    shown = kept_modal(candor, "U01")
    assert "Promise 1 &lt;!channel&gt;" in shown
    assert len(candor.top_modal("U01")["blocks"]) <= 100
    assert "The rest is in the policy itself" in shown


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.term)
def test_nobody_is_told_to_ask_for_somebody_elses_figures(row: Row) -> None:
    """The policy calls that misconduct."""
    assert not re.search(r"\bask\b|show you", row.rule.check, re.IGNORECASE)
