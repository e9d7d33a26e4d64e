"""chat.*: posting, updating and deleting messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.blocks import completed
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import messages as limits
from bot.sandbox.methods.base import Context, Method, require_scope
from bot.sandbox.model import Channel, Message
from bot.sandbox.shapes import message_json
from bot.sandbox.workspace import BOT_USER_ID, Workspace

Json = dict[str, Any]


def _destination(workspace: Workspace, target: str) -> Channel:
    """The conversation to post to: an id of a channel or DM, or a person's id, which opens the DM."""
    person = workspace.users.get(target)
    if person is not None:
        _reachable(workspace, person.id)
        return workspace.open_dm(person.id)
    channel = workspace.channel(target)
    if channel.im_user is not None:
        _reachable(workspace, channel.im_user)
    elif channel.is_archived:
        raise ApiError("is_archived")
    elif BOT_USER_ID not in channel.members:
        _may_post_unjoined(workspace, channel)
    return channel


def _reachable(workspace: Workspace, user_id: str) -> None:
    """Slack lets a message to a deactivated account vanish, or refuses it; here it is always refused."""
    person = workspace.users[user_id]
    if person.deleted or person.is_stranger:
        raise ApiError("channel_not_found")
    if person.is_bot:
        raise ApiError("cannot_dm_bot")
    if not workspace.manifest.features.app_home.messages_tab_enabled:
        raise ApiError("messages_tab_disabled")


def _may_post_unjoined(workspace: Workspace, channel: Channel) -> None:
    if channel.is_private:
        raise ApiError("channel_not_found")
    if "chat:write.public" not in workspace.scopes:
        raise ApiError("not_in_channel")


def _content(workspace: Workspace, args: Args) -> Json:
    """The checked content of a new or updated message."""
    if any(name in args for name in ("username", "icon_url", "icon_emoji")):
        require_scope(workspace, "chat:write.customize")
    content: dict[str, Any] = {
        "text": args.maybe_text("text") or "",
        "blocks": limits.parsed_blocks(args.raw.get("blocks")),
        "attachments": args.objects("attachments"),
        "metadata": limits.parsed_metadata(args.raw.get("metadata")),
    }
    limits.check_message(**content)
    return content | {"blocks": completed(content["blocks"])}


def _thread(workspace: Workspace, channel: Channel, args: Args) -> str | None:
    """The thread to answer in; it is known only by its first message."""
    thread_ts = args.maybe_text("thread_ts")
    return workspace.thread(channel.id, thread_ts).ts if thread_ts else None


def post_message(context: Context, args: Args) -> Json:
    workspace = context.workspace
    target = args.text("channel")
    content = _content(workspace, args)
    channel = _destination(workspace, target)
    thread_ts = _thread(workspace, channel, args)
    message = workspace.post(Message("", channel.id, BOT_USER_ID, thread_ts=thread_ts, **content))
    return {"channel": channel.id, "ts": message.ts, "message": message_json(message, with_metadata=True)}


def post_ephemeral(context: Context, args: Args) -> Json:
    """A message that only one member of the conversation sees and no history keeps."""
    workspace = context.workspace
    target, user_id = args.text("channel"), args.text("user")
    content = _content(workspace, args)
    channel = _destination(workspace, target)
    if user_id not in channel.members:
        raise ApiError("user_not_in_channel")
    thread_ts = _thread(workspace, channel, args)
    message = workspace.post(Message("", channel.id, BOT_USER_ID, ephemeral_to=user_id, thread_ts=thread_ts, **content))
    return {"message_ts": message.ts}


def _own_message(workspace: Workspace, args: Args, refusal: str) -> Message:
    """The app's own lasting message that `channel` and `ts` name."""
    message = workspace.message(args.text("channel"), args.text("ts"))
    if message.ephemeral_to:
        raise ApiError("message_not_found")
    if message.user != BOT_USER_ID:
        raise ApiError(refusal)
    return message


def update(context: Context, args: Args) -> Json:
    """Replaces what is sent; blocks, attachments and metadata that are not sent stay."""
    workspace = context.workspace
    message = _own_message(workspace, args, "cant_update_message")
    content = _content(workspace, args)
    message.text = content["text"]
    for name in ("blocks", "attachments", "metadata"):
        if name in args:
            setattr(message, name, content[name])
    message.edited = True
    workspace.changed()
    shown = message_json(message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def delete(context: Context, args: Args) -> Json:
    message = _own_message(context.workspace, args, "cant_delete_message")
    message.deleted = True
    context.workspace.changed()
    return {"channel": message.channel, "ts": message.ts}


WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(post_message, scopes=WRITE, tier=0),
    "chat.postEphemeral": Method(post_ephemeral, scopes=WRITE, tier=4),
    "chat.update": Method(update, scopes=WRITE),
    "chat.delete": Method(delete, scopes=WRITE),
}
