"""What one person sees on the page, as JSON."""

from __future__ import annotations

from typing import Any

from bot.sandbox.model import Channel, Message, User
from bot.sandbox.workspace import BOT_USER_ID, Workspace

Json = dict[str, Any]


def people(workspace: Workspace) -> list[Json]:
    """The members one can be on the page: no bots, no strangers, nobody who has left."""
    with workspace.lock:
        everyone = workspace.users.values()
        return [_person(each) for each in everyone if not (each.is_bot or each.is_stranger or each.deleted)]


def state(workspace: Workspace, user_id: str, *, movable: bool) -> Json:
    """Everything on that person's screen; `movable` says whether the page may move the clock."""
    with workspace.lock:
        me = workspace.users[user_id]
        dm = workspace.open_dm(user_id)
        shared = [each for each in workspace.channels.values() if not each.is_im and user_id in each.members]
        home = workspace.home(user_id)
        return {
            "version": workspace.version,
            "clock": workspace.clock().isoformat(),
            "clock_is_movable": movable,
            "me": _person(me),
            "bot": {"id": BOT_USER_ID, "name": workspace.users[BOT_USER_ID].name},
            "conversations": [_conversation(workspace, each, user_id) for each in [dm, *shared]],
            "home": _view(home) if home else None,
            "modals": [_view(each) for each in workspace.modals(user_id)],
            "usergroups": [{"id": each.id, "handle": each.handle} for each in workspace.usergroups.values()],
            "commands": [
                {"command": each.command, "description": each.description, "usage_hint": each.usage_hint}
                for each in workspace.manifest.features.slash_commands
            ],
        }


def _person(user: User) -> Json:
    return {name: getattr(user, name) for name in ("id", "name", "title", "tz", "team", "group")}


def _conversation(workspace: Workspace, channel: Channel, user_id: str) -> Json:
    name = workspace.users[BOT_USER_ID].name if channel.is_im else channel.name
    seen = [each for each in workspace.messages(channel.id) if each.ephemeral_to in (None, user_id)]
    kind = "im" if channel.is_im else "channel"
    return {"id": channel.id, "kind": kind, "name": name, "messages": [_message(workspace, each) for each in seen]}


def _message(workspace: Workspace, message: Message) -> Json:
    files = [
        {"id": each.id, "name": each.name, "url": f"/page/files/{each.id}", "size": len(each.content)}
        for each in message.files
        if not each.deleted
    ]
    return {
        "ts": message.ts, "at": message.at.isoformat(), "user": message.user,
        "user_name": workspace.users[message.user].name, "text": message.text, "blocks": message.blocks,
        "edited": message.edited, "ephemeral": message.ephemeral_to is not None, "thread_ts": message.thread_ts,
        "files": files,
    }  # fmt: skip


def _view(view: Json) -> Json:
    shown = {name: view[name] for name in ("id", "type", "title", "blocks", "submit", "close")}
    return shown | {"state": view["state"]}
