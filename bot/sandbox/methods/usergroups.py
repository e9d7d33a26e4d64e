"""usergroups.users.list."""

from __future__ import annotations

from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError
from bot.sandbox.methods.base import Context, Method

Json = dict[str, Any]


def members(context: Context, args: Args) -> Json:
    """The ids of a group's members, in one answer. Accounts that were deactivated meanwhile are still among them."""
    workspace = context.workspace
    wanted = args.text("usergroup")
    if workspace.plan == "free":
        raise ApiError("plan_upgrade_required")
    group = workspace.usergroups.get(wanted)
    if group is None or (group.disabled and not args.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


METHODS = {"usergroups.users.list": Method(members, scopes=("usergroups:read",), tier=2)}
