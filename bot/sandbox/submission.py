"""What the app's answer to a submitted modal does to the screen."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import ApiError
from bot.sandbox.methods.views import checked
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]


def apply_answer(workspace: Workspace, user: str, view: Json, answer: Json | None) -> tuple[str | None, dict[str, str]]:
    """Closes, clears, updates or pushes. Returns (what is wrong with the answer, errors to show by block_id)."""
    with workspace.lock:
        try:
            errors = _apply(workspace, user, view, answer or {})
        except ApiError as refused:
            return f"the app's answer is not valid: {refused}", {}
        workspace.changed()
        return None, errors


def _apply(workspace: Workspace, user: str, view: Json, answer: Json) -> dict[str, str]:
    views = workspace.views
    match answer.get("response_action"):
        case None:
            if answer:
                raise ApiError(f"a submission is acknowledged with nothing or a response_action, not {sorted(answer)}")
            views.close(user, view["id"])
        case "clear":
            views.clear(user)
        case "update":
            views.update(views.find(view["id"]), checked(answer.get("view"), expected="modal"))
        case "push":
            views.push_on(user, checked(answer.get("view"), expected="modal"))
        case "errors":
            return _errors(view, answer.get("errors"))
        case other:
            raise ApiError(f"unknown response_action {other!r}")
    return {}


def _errors(view: Json, errors: Any) -> dict[str, str]:
    """Only input blocks of the view can show an error; Slack refuses any other key."""
    if not isinstance(errors, dict) or not errors:
        raise ApiError("response_action errors needs errors")
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if unknown := set(errors) - inputs:
        raise ApiError(f"errors name blocks that are no inputs: {sorted(unknown)}")
    return {str(key): str(text) for key, text in errors.items()}
