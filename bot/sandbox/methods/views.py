"""views.*: modals and the Home tab."""

from __future__ import annotations

from typing import Any, Literal

from bot.sandbox.args import Args
from bot.sandbox.blocks import completed
from bot.sandbox.errors import ApiError, invalid_arguments
from bot.sandbox.limits.views import check_view
from bot.sandbox.methods.base import Context, Method

Json = dict[str, Any]


def checked(view: Any, *, expected: Literal["modal", "home"]) -> Json:
    """A view that passed every limit, with the ids that Slack adds; `expected` is modal or home."""
    check_view(view, expected=expected)
    return {**view, "blocks": completed(view["blocks"])}


def opened(context: Context, args: Args) -> Json:
    view = checked(args.json("view"), expected="modal")
    return _shown(context, context.workspace.views.open(args.text("trigger_id"), view))


def pushed(context: Context, args: Args) -> Json:
    view = checked(args.json("view"), expected="modal")
    return _shown(context, context.workspace.views.push(args.text("trigger_id"), view))


def updated(context: Context, args: Args) -> Json:
    """Replaces an open modal, or the Home tab, named by view_id or external_id."""
    views = context.workspace.views
    view_id, external_id = args.maybe_text("view_id"), args.maybe_text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("missing required field: view_id or external_id")
    old = views.find(view_id, external_id)
    view = checked(args.json("view"), expected=old["type"])
    return _shown(context, views.update(old, view, args.maybe_text("hash")))


def published(context: Context, args: Args) -> Json:
    """Publishes the Home tab of one person who exists."""
    workspace = context.workspace
    user = workspace.users.get(args.text("user_id"))
    if user is None or user.is_bot or user.deleted:
        raise invalid_arguments("invalid `user_id`")
    view = checked(args.json("view"), expected="home")
    if not workspace.manifest.home_tab:
        raise ApiError("not_enabled")
    return _shown(context, workspace.views.publish(user.id, view, args.maybe_text("hash")))


def _shown(context: Context, view: Json) -> Json:
    context.workspace.changed()
    return {"view": view}


METHODS = {
    "views.open": Method(opened, tier=4),
    "views.push": Method(pushed, tier=4),
    "views.update": Method(updated, tier=4),
    "views.publish": Method(published, tier=4),
}
