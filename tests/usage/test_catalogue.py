import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.usage.catalogue import ALWAYS, SURFACES, TOOLS, Tool
from bot.usage.sources import SOURCES
from bot.usage.sources.json_source import JsonSource
from storage.tables import UsageDay
from tests.usage.world import ANA, claude, copilot, cursor, read_only

KEPT = set(UsageDay.model_fields) - {"person_id", "tool", "import_id"}


@pytest.mark.parametrize("tool", TOOLS.values(), ids=list(TOOLS))
def test_everything_that_is_collected_is_declared_as_a_column_that_exists(tool: Tool) -> None:
    declared = [item.column for item in (*ALWAYS, *tool.fields)]
    assert set(declared) <= KEPT
    assert len(set(declared)) == len(declared)
    assert set(tool.example) <= set(declared)
    assert tool.example["surface"] in SURFACES


@pytest.mark.parametrize("tool", TOOLS.values(), ids=list(TOOLS))
def test_what_is_never_read_is_said_for_every_tool(tool: Tool) -> None:
    assert tool.left_out
    assert not {"lines", "cost", "phase", "rank"} & tool.columns


def test_a_source_reads_nothing_that_its_tool_does_not_declare() -> None:
    for source in SOURCES.values():
        if isinstance(source, JsonSource):
            assert set(source.columns) <= TOOLS[source.tool].columns
            assert source.identifier == TOOLS[source.tool].identifier
            assert source.consent_class == TOOLS[source.tool].consent_class


@pytest.mark.parametrize(
    ("tool", "row"),
    [("claude-code", claude), ("copilot", lambda: copilot(ai_credits_used=1)), ("cursor", cursor)],
    ids=["claude-code", "copilot", "cursor"],
)
def test_the_example_has_the_columns_that_a_real_row_leads_to(tool: str, row: Callable[[], dict[str, Any]]) -> None:
    source = SOURCES[tool]
    assert isinstance(source, JsonSource)
    rows, _ = read_only(tool, [json.dumps(row())], {source.whose(row()) or "": ANA})
    found = next(found for found in rows if found[2] == TOOLS[tool].example["surface"])
    reported = {name for name, value in zip(source.columns, found[4:], strict=True) if value is not None}
    assert set(TOOLS[tool].example) == {"day", "surface"} | reported
