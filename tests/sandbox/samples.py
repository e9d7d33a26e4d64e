"""Pieces of Block Kit that are in order."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def select(*values: str, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option(each) for each in values], **more}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "text", **more}


def field(element: Json | None = None, **more: Any) -> Json:
    return {"type": "input", "block_id": "b", "label": plain("L"), "element": element or text_input(), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    filled = list(blocks) or [section()]
    return {"type": "modal", "callback_id": "m", "title": plain("T"), "submit": plain("S"), "blocks": filled, **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks) or [section()], **more}


def line_chart(**more: Any) -> Json:
    data = [{"label": "W1", "value": 1}, {"label": "W2", "value": 2.5}]
    axis = {"categories": ["W1", "W2"]}
    chart = {"type": "line", "series": [{"name": "Hours", "data": data}], "axis_config": axis, **more}
    return {"type": "data_visualization", "title": "Hours", "chart": chart}


def table(rows: int, columns: int) -> Json:
    cell = {"type": "raw_text", "text": "x"}
    return {"type": "table", "rows": [[cell] * columns for _ in range(rows)]}


def carousel(count: int) -> Json:
    return {"type": "carousel", "elements": [{"type": "card", "title": mrkdwn()}] * count}


def container(count: int) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": [section()] * count}
