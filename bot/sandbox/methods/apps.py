"""auth.test, api.test and apps.connections.open."""

from __future__ import annotations

from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError
from bot.sandbox.methods.base import Context, Method
from bot.sandbox.workspace import BOT_ID, BOT_USER_ID, TEAM_ID

Json = dict[str, Any]


def auth_test(context: Context, args: Args) -> Json:
    bot = context.workspace.users[BOT_USER_ID]
    return {
        "url": f"{context.workspace.url}/", "team": "Sandbox", "user": bot.handle, "team_id": TEAM_ID,
        "user_id": BOT_USER_ID, "bot_id": BOT_ID, "is_enterprise_install": False,
    }  # fmt: skip


def api_test(context: Context, args: Args) -> Json:
    return {"args": args.raw}


def open_connection(context: Context, args: Args) -> Json:
    """A WebSocket address that is good for one connection. Socket Mode must be on in the manifest."""
    if not context.workspace.manifest.settings.socket_mode_enabled:
        raise ApiError("forbidden_team")
    return {"url": context.socket_url()}


METHODS = {
    "auth.test": Method(auth_test, tier=4),
    "api.test": Method(api_test, tier=4),
    "apps.connections.open": Method(open_connection, tier=1, auth="app"),
}
