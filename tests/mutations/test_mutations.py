"""The suite is worth something: a mistake put into a copy of the tree makes a test fail."""

from pathlib import Path

import pytest

from tests.mutations.copies import ROOT, copy, imported_from, judge, mutated
from tests.mutations.mutations import ALL, ASKED, Mutation


@pytest.mark.parametrize("mutation", ASKED, ids=lambda mutation: mutation.name)
def test_a_mistake_is_seen(mutation: Mutation, tmp_path: Path) -> None:
    verdict = judge(copy(tmp_path, mutation.edits), *mutation.seen_by)
    assert verdict.caught, f"{mutation.name} survives: {verdict}"


def test_without_a_mistake_the_same_tests_pass_in_the_copy(tmp_path: Path) -> None:
    tests = sorted({test for mutation in ASKED for test in mutation.seen_by})
    verdict = judge(copy(tmp_path), *tests)
    assert (verdict.failure, verdict.error) == (None, None)
    assert verdict.passed >= len(tests)
    assert all(where.is_relative_to(tmp_path) for where in imported_from(tmp_path))


@pytest.mark.parametrize("mutation", ALL, ids=lambda mutation: mutation.name)
def test_a_mistake_still_fits_the_tree(mutation: Mutation) -> None:
    for edit in mutation.edits:
        compile(mutated(edit, (ROOT / edit.path).read_text()), edit.path, "exec")
