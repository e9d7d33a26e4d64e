"""Every limit, on the surface where it holds, one step below and one step above it."""

from typing import Any

import pytest

from tests.sandbox.refusals import refusal, view_refusal
from tests.sandbox.samples import (
    actions,
    button,
    carousel,
    container,
    field,
    line_chart,
    modal,
    mrkdwn,
    option,
    plain,
    section,
    select,
    table,
    text_input,
)

Json = dict[str, Any]


def context(count: int) -> Json:
    return {"type": "context", "elements": [mrkdwn()] * count}


def radio(count: int, kind: str = "radio_buttons") -> Json:
    return actions({"type": kind, "action_id": "r", "options": [option(str(n)) for n in range(count)]})


def overflow(count: int) -> Json:
    return actions({"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(count)]})


def pie(count: int) -> Json:
    segments = [{"label": str(n), "value": n} for n in range(count)]
    return {"type": "data_visualization", "title": "T", "chart": {"type": "pie", "segments": segments}}


def chart_of(categories: int) -> Json:
    names = [f"W{n}" for n in range(categories)]
    series = [{"name": "S", "data": [{"label": name, "value": 1} for name in names]}]
    return line_chart(series=series, axis_config={"categories": names})


def many_series(count: int) -> Json:
    data = [{"label": "W1", "value": 1}]
    series = [{"name": f"S{n}", "data": data} for n in range(count)]
    return line_chart(series=series, axis_config={"categories": ["W1"]})


def named_series(name: str) -> Json:
    series = [{"name": name, "data": [{"label": "W1", "value": 1}]}]
    return line_chart(series=series, axis_config={"categories": ["W1"]})


def labelled(label: str) -> Json:
    series = [{"name": "S", "data": [{"label": label, "value": 1}]}]
    return line_chart(series=series, axis_config={"categories": [label]})


def image(alt: str) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": alt}


def data_table(rows: int) -> Json:
    return {**table(rows, 2), "type": "data_table", "caption": "c"}


AT_MOST = [
    ("section text", lambda n: section("x" * n), 3000),
    ("section fields", lambda n: {"type": "section", "fields": [mrkdwn()] * n}, 10),
    ("a section field", lambda n: {"type": "section", "fields": [mrkdwn("x" * n)]}, 2000),
    ("header", lambda n: {"type": "header", "text": plain("x" * n)}, 150),
    ("actions", lambda n: actions(*(button(f"a{i}") for i in range(n))), 25),
    ("context elements", context, 10),
    ("button text", lambda n: actions(button() | {"text": plain("x" * n)}), 75),
    ("button value", lambda n: actions(button(value="x" * n)), 2000),
    ("button url", lambda n: actions(button(url="https://" + "x" * (n - 8))), 3000),
    ("action_id", lambda n: actions(button("x" * n)), 255),
    ("block_id", lambda n: section(block_id="x" * n), 255),
    ("radio buttons", radio, 10),
    ("checkboxes", lambda n: radio(n, "checkboxes"), 10),
    ("overflow options", overflow, 5),
    ("select options", lambda n: actions(select(*(str(i) for i in range(n)))), 100),
    ("option text", lambda n: actions(select("x" * n)), 75),
    ("option value", lambda n: actions(select("v") | {"options": [{"text": plain(), "value": "x" * n}]}), 150),
    ("placeholder", lambda n: actions(select("v", placeholder=plain("x" * n))), 150),
    ("alt_text", lambda n: image("x" * n), 2000),
    ("input label", lambda n: field() | {"label": plain("x" * n)}, 2000),
    ("input hint", lambda n: field(hint=plain("x" * n)), 2000),
    ("max_length", lambda n: field(text_input(max_length=n)), 3000),
    ("initial_value", lambda n: field(text_input(initial_value="x" * n)), 3000),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    ("chart title", lambda n: {**line_chart(), "title": "x" * n}, 50),
    ("chart series", many_series, 6),
    ("chart categories", chart_of, 20),
    ("series name", lambda n: named_series("x" * n), 20),
    ("chart label", lambda n: labelled("x" * n), 20),
    ("axis label", lambda n: line_chart(axis_config={"categories": ["W1", "W2"], "x_label": "x" * n}), 50),
    ("pie segments", pie, 6),
    ("table rows", lambda n: table(n, 2), 100),
    ("table columns", lambda n: table(2, n), 20),
    ("data table rows", data_table, 101),
    ("carousel cards", carousel, 10),
    ("container blocks", container, 10),
    ("card title", lambda n: {"type": "card", "title": mrkdwn("x" * n)}, 150),
    ("card body", lambda n: {"type": "card", "body": mrkdwn("x" * n)}, 200),
]


@pytest.mark.parametrize(("make", "most"), [case[1:] for case in AT_MOST], ids=[case[0] for case in AT_MOST])
def test_a_block_at_its_limit_passes_and_one_step_more_is_refused(make: Any, most: int) -> None:
    assert refusal(make(most)) == ""
    assert '"error": "invalid_blocks"' in refusal(make(most + 1))


EMPTY = [
    section(""),
    {"type": "header", "text": plain("")},
    image(""),
    actions(),
    {"type": "context", "elements": []},
    {"type": "section"},
    select() | {"type": "actions"},
    actions(select()),
    {"type": "markdown", "text": ""},
    {"type": "card"},
    data_table(1),
    pie(0),
]


@pytest.mark.parametrize("block", EMPTY, ids=lambda block: str(block["type"]))
def test_a_block_that_holds_too_little_is_refused(block: Json) -> None:
    assert "invalid_blocks" in refusal(block)


WRONG = [
    ("an unknown field", section(colour="red"), "invalid additional property: colour"),
    ("an unknown field deep inside", actions(button(emoji=True)), "invalid additional property: emoji"),
    ("an unknown block", {"type": "marquee"}, "unsupported type: marquee"),
    ("no type", {"text": plain()}, "missing required field: type"),
    ("a null", section() | {"accessory": None}, "missing required field: type"),
    ("mrkdwn in a header", {"type": "header", "text": mrkdwn()}, "unsupported type: mrkdwn"),
    ("mrkdwn in a button", actions(button() | {"text": mrkdwn()}), "unsupported type: mrkdwn"),
    ("an input among actions", actions(text_input()), "unsupported type: plain_text_input"),
    ("an alert in a message", {"type": "alert", "text": plain()}, "unsupported type: alert"),
    ("a style that is none", actions(button(style="warning")), "must be one of: primary, danger"),
    ("an initial option that is no option", actions(select("a", initial_option=option("b"))), "the initial option"),
    ("two options of one value", actions(select("a", "a")), "option values must be unique"),
    ("labels that are no categories", line_chart(axis_config={"categories": ["W2", "W1"]}), "labels must match"),
    ("rows of different length", {**table(2, 2), "rows": [[], []]}, "no fewer than 1"),
    ("min_length above max_length", field(text_input(min_length=9, max_length=5)), "min_length must not be"),
    ("a boolean as a chart value", {**pie(2), "chart": {"type": "pie", "segments": [{"label": "a", "value": True}]}},
     "must provide a number"),
    ("a date that is none", field({"type": "datepicker", "initial_date": "23.11.2026"}), "expected format"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_block_that_is_not_of_its_shape_is_refused_with_the_reason_and_the_place(block: Json, words: str) -> None:
    answer = refusal(block)
    assert words in answer
    assert "[json-pointer:/blocks/0" in answer


def test_two_series_of_one_name_are_refused() -> None:
    data = [{"label": "W1", "value": 1}]
    series = [{"name": "S", "data": data}, {"name": "S", "data": data}]
    assert "series names must be unique" in refusal(line_chart(series=series, axis_config={"categories": ["W1"]}))


def test_a_message_holds_fifty_blocks_and_a_view_a_hundred() -> None:
    assert refusal(*[section()] * 50) == ""
    assert "no more than 50 items" in refusal(*[section()] * 51)
    assert view_refusal(modal(*[section()] * 100)) == ""
    assert "no more than 100 items" in view_refusal(modal(*[section()] * 101))


def test_a_message_holds_two_charts_and_one_table() -> None:
    assert refusal(line_chart(), pie(2)) == ""
    assert "no more than 2 data_visualization" in refusal(line_chart(), pie(2), pie(3))
    assert refusal(table(1, 1)) == ""
    assert "only_one_table_allowed" in refusal(table(1, 1), table(1, 1))


def test_all_markdown_of_a_message_counts_together() -> None:
    half = {"type": "markdown", "text": "x" * 6000}
    assert refusal(half, half) == ""
    assert "12001 characters of markdown" in refusal(half, half, {"type": "markdown", "text": "x"})


def test_all_cells_of_a_table_count_together() -> None:
    def rows(count: int) -> Json:
        return {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 1000}]] * count}

    assert refusal(rows(10)) == ""
    assert "10001 characters in all cells" in refusal(rows(11))


def test_the_same_action_id_is_refused_in_one_block_and_allowed_in_two() -> None:
    assert "already exists in the block" in refusal(actions(button("a"), button("a")))
    assert refusal(actions(button("a")), actions(button("a"))) == ""


def test_the_same_block_id_is_refused_in_one_surface() -> None:
    assert "already exists" in refusal(section(block_id="a"), section(block_id="a"))


def test_only_one_element_of_a_surface_takes_the_focus() -> None:
    first = field(text_input(focus_on_load=True))
    assert view_refusal(modal(first)) == ""
    assert "focus_on_load" in view_refusal(modal(first, {**first, "block_id": "c"}))
