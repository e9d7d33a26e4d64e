"""The payloads that Slack sends to an app."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from bot.sandbox.model import Channel, Message, User
from bot.sandbox.shapes import message_json
from bot.sandbox.workspace import APP_ID, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, Workspace

Json = dict[str, Any]

VERIFICATION = "sandbox-verification"


def event_callback(workspace: Workspace, event: Json) -> Json:
    """The envelope of the Events API around one event, with a fresh `event_id`."""
    authorization = {
        "enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True,
        "is_enterprise_install": False,
    }  # fmt: skip
    event_id = workspace.new_id("Ev")
    return {
        "token": VERIFICATION, "team_id": TEAM_ID, "context_team_id": TEAM_ID, "context_enterprise_id": None,
        "api_app_id": APP_ID, "event": event, "type": "event_callback", "event_id": event_id,
        "event_time": int(workspace.clock().timestamp()), "authorizations": [authorization],
        "is_ext_shared_channel": False, "event_context": f"4-{event_id}",
    }  # fmt: skip


def message_event(workspace: Workspace, message: Message, channel: Channel) -> Json:
    """What a person's message looks like to the app."""
    event = message_json(message) | {
        "channel": channel.id, "event_ts": message.ts, "client_msg_id": str(uuid.uuid4()),
        "channel_type": "im" if channel.is_im else "group" if channel.is_private else "channel",
    }  # fmt: skip
    return event | {"subtype": "file_share", "upload": True, "display_as_bot": False} if message.files else event


def home_opened(workspace: Workspace, user: User, channel: Channel, tab: str) -> Json:
    """`app_home_opened`; it carries the view when one was published before."""
    event: Json = {
        "type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": tab,
        "event_ts": workspace.new_ts(),
    }  # fmt: skip
    home = workspace.home(user.id)
    return event | {"view": copy.deepcopy(home)} if home and tab == "home" else event


def slash_command(user: User, channel: Channel, command: str, text: str, trigger_id: str, response_url: str) -> Json:
    """A slash command, as the fields of its form."""
    return {
        "token": VERIFICATION, "team_id": TEAM_ID, "team_domain": TEAM_DOMAIN, "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else channel.name, "user_id": user.id,
        "user_name": user.handle, "command": command, "text": text, "api_app_id": APP_ID,
        "is_enterprise_install": "false", "response_url": response_url, "trigger_id": trigger_id,
    }  # fmt: skip


def _interaction(kind: str, user: User) -> Json:
    return {
        "type": kind, "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": TEAM_ID},
        "api_app_id": APP_ID, "token": VERIFICATION, "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None, "is_enterprise_install": False,
    }  # fmt: skip


def message_action(
    user: User, channel: Channel, message: Message, action: Json, state: Json, trigger_id: str, response_url: str
) -> Json:
    """`block_actions` from a message."""
    hidden = message.ephemeral_to is not None
    container = {
        "type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": hidden,
    }  # fmt: skip
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = _interaction("block_actions", user) | {
        "container": container, "trigger_id": trigger_id, "response_url": response_url,
        "channel": {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name},
        "state": {"values": copy.deepcopy(state)}, "actions": [action],
    }  # fmt: skip
    return payload if hidden else payload | {"message": copy.deepcopy(message_json(message))}


def view_action(user: User, view: Json, action: Json, trigger_id: str) -> Json:
    """`block_actions` from a modal or the Home tab."""
    return _interaction("block_actions", user) | {
        "container": {"type": "view", "view_id": view["id"]}, "trigger_id": trigger_id,
        "view": copy.deepcopy(view), "actions": [action],
    }  # fmt: skip


def view_submission(user: User, view: Json, trigger_id: str) -> Json:
    """A submitted modal; `view.state.values` holds every input."""
    return _interaction("view_submission", user) | {
        "trigger_id": trigger_id, "view": copy.deepcopy(view), "response_urls": [],
    }  # fmt: skip


def view_closed(user: User, view: Json, *, cleared: bool) -> Json:
    """A modal that was closed, sent only when it asked with notify_on_close."""
    return _interaction("view_closed", user) | {"view": copy.deepcopy(view), "is_cleared": cleared}
