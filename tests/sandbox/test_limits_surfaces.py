"""What a message, a modal and a Home tab may hold as a whole."""

from typing import Any

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.limits.messages import check_message, check_metadata
from tests.sandbox.refusals import refusal, view_refusal
from tests.sandbox.samples import (
    carousel,
    container,
    field,
    home,
    line_chart,
    modal,
    plain,
    section,
    table,
)

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("block", "message", "modal_view", "home_tab"),
    [
        (line_chart(), True, False, False),
        ({"type": "markdown", "text": "x"}, True, False, False),
        (container(1), True, False, False),
        (table(1, 1), True, False, True),
        (carousel(1), True, False, True),
        ({"type": "alert", "text": plain()}, False, True, False),
        (field(), True, True, True),
        (field({"type": "file_input", "action_id": "f"}), False, True, False),
        (section(), True, True, True),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else None,
)
def test_a_block_is_allowed_on_its_surfaces_only(block: Json, message: bool, modal_view: bool, home_tab: bool) -> None:
    assert (refusal(block) == "") is message
    assert (view_refusal(modal(block)) == "") is modal_view
    assert (view_refusal(home(block), "home") == "") is home_tab


VIEW_AT_MOST = [
    ("title", lambda n: modal(title=plain("x" * n)), 24),
    ("submit", lambda n: modal(submit=plain("x" * n)), 24),
    ("close", lambda n: modal(close=plain("x" * n)), 24),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255),
    ("external_id", lambda n: modal(external_id="x" * n), 255),
]


@pytest.mark.parametrize(("make", "most"), [case[1:] for case in VIEW_AT_MOST], ids=[case[0] for case in VIEW_AT_MOST])
def test_a_view_at_its_limit_passes_and_one_step_more_is_refused(make: Any, most: int) -> None:
    assert view_refusal(make(most)) == ""
    assert "invalid_arguments" in view_refusal(make(most + 1))


def test_an_input_in_a_modal_needs_a_submit_button() -> None:
    bare = modal(field())
    del bare["submit"]
    assert "missing required field: submit" in view_refusal(bare)
    assert view_refusal({**bare, "blocks": [section()]}) == ""


def test_a_home_tab_has_no_title_and_a_modal_needs_one() -> None:
    assert "invalid additional property: title" in view_refusal(home(title=plain()), "home")
    untitled = modal()
    del untitled["title"]
    assert "missing required field: title" in view_refusal(untitled)


def test_a_view_without_blocks_is_refused() -> None:
    assert "no fewer than 1 items" in view_refusal({**modal(), "blocks": []})


def test_a_view_above_250_kb_is_too_large() -> None:
    blocks = [section("x" * 2900, block_id=str(n)) for n in range(90)]
    assert '"error": "view_too_large"' in view_refusal(modal(*blocks))


@pytest.mark.parametrize(
    ("text", "attachments", "error"),
    [
        ("", [], "no_text"),
        ("  ", [], "no_text"),
        ("x" * 4001, [], "msg_too_long"),
        ("x", [{}] * 101, "too_many_attachments"),
    ],
)
def test_a_message_without_text_or_with_too_much_is_refused(text: str, attachments: list[Json], error: str) -> None:
    with pytest.raises(ApiError) as refused:
        check_message(text=text, blocks=[], attachments=attachments, metadata=None)
    assert refused.value.error == error


def test_four_thousand_characters_pass() -> None:
    assert refusal(text="x" * 4000) == ""


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "digest"}, "invalid_metadata_format"),
        ({"event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "has spaces", "event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "digest", "event_payload": "id"}, "invalid_metadata_format"),
        ({"event_type": "digest", "event_payload": {"deep": {"er": 1}}}, "invalid_metadata_schema"),
        ({"event_type": "digest", "event_payload": {"none": None}}, "invalid_metadata_schema"),
        ({"event_type": "digest", "event_payload": {"id": "x" * 8000}}, "metadata_too_large"),
    ],
)
def test_metadata_that_slack_would_not_keep_is_refused(metadata: Json, error: str) -> None:
    with pytest.raises(ApiError) as refused:
        check_metadata(metadata)
    assert refused.value.error == error


def test_metadata_with_flat_values_passes() -> None:
    check_metadata({"event_type": "digest", "event_payload": {"id": "a", "n": 1, "list": ["x", 2]}})
    check_metadata({})
