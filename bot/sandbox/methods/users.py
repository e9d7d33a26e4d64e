"""users.info and users.list."""

from __future__ import annotations

from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError
from bot.sandbox.methods.base import Context, Method
from bot.sandbox.model import User
from bot.sandbox.paging import metadata, page
from bot.sandbox.people import user_json

Json = dict[str, Any]


def _shown(context: Context, user: User) -> Json:
    workspace = context.workspace
    return user_json(user, with_email="users:read.email" in workspace.scopes, at=workspace.clock())


def info(context: Context, args: Args) -> Json:
    user = context.workspace.users.get(args.text("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": _shown(context, user)}


def listing(context: Context, args: Args) -> Json:
    everyone = [each for each in context.workspace.users.values() if not each.is_stranger]
    shown, cursor = page(everyone, args, default=1000)
    members = [_shown(context, user) for user in shown]
    return {"members": members, "cache_ts": int(context.workspace.clock().timestamp()), **metadata(cursor)}


METHODS = {
    "users.info": Method(info, scopes=("users:read",), tier=4),
    "users.list": Method(listing, scopes=("users:read",), tier=2),
}
