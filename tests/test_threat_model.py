"""The threat model's rows: each names a test that exists, or says that nothing protects."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOT_PROTECTED = "not protected"


def claims() -> list[str]:
    """The last cell of every row of a table with tests."""
    found: list[str] = []
    for table in re.split(r"\n\n", (ROOT / "docs" / "threat-model.md").read_text()):
        lines = table.splitlines()
        if lines and lines[0].endswith("| test |"):
            found += [line.strip("| ").rpartition(" | ")[2] for line in lines[2:]]
    return found


def test_every_row_names_a_test_that_exists_or_says_that_it_is_not_protected() -> None:
    rows = claims()
    assert len(rows) > 20
    assert NOT_PROTECTED in rows
    missing = [row for row in rows if row != NOT_PROTECTED and not is_test(row)]
    assert missing == []


def is_test(claim: str) -> bool:
    path, _, name = claim.partition("::")
    file = ROOT / path
    names = {each.name for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.FunctionDef)}
    return name.startswith("test_") and name in names
