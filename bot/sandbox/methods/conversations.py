"""conversations.*: the channels and DMs that the app can see."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError, invalid_arguments
from bot.sandbox.methods.base import Context, Method, require_scope
from bot.sandbox.model import Channel, Message
from bot.sandbox.paging import metadata, page
from bot.sandbox.shapes import message_json
from bot.sandbox.workspace import BOT_USER_ID, Workspace

Json = dict[str, Any]


def family(channel: Channel) -> str:
    """The scope family of a conversation: channels, groups or im."""
    if channel.is_im:
        return "im"
    return "groups" if channel.is_private else "channels"


def channel_json(channel: Channel) -> Json:
    """The conversation object; a DM names its person, a channel its name."""
    if channel.is_im:
        return {
            "id": channel.id, "created": 0, "is_im": True, "user": channel.im_user, "is_archived": False,
            "is_org_shared": False, "is_user_deleted": False,
        }  # fmt: skip
    return {
        "id": channel.id, "name": channel.name, "is_channel": not channel.is_private, "is_group": channel.is_private,
        "is_im": False, "is_mpim": False, "is_private": channel.is_private, "is_archived": channel.is_archived,
        "is_general": channel.name == "general", "is_member": BOT_USER_ID in channel.members, "created": 0,
        "name_normalized": channel.name, "num_members": len(channel.members),
    }  # fmt: skip


def opened(context: Context, args: Args) -> Json:
    """Opens the DM with one person. Group DMs are not offered."""
    workspace = context.workspace
    person = workspace.users.get(args.text("users"))
    if person is None or person.is_stranger:
        raise ApiError("user_not_found")
    if person.deleted:
        raise ApiError("user_disabled")
    if person.is_bot:
        raise ApiError("cannot_dm_bot")
    existing = workspace.dm(person.id)
    channel = workspace.open_dm(person.id)
    already = {"no_op": True, "already_open": True} if existing else {}
    return {**already, "channel": {"id": channel.id}}


def info(context: Context, args: Args) -> Json:
    channel = context.workspace.channel(args.text("channel"))
    require_scope(context.workspace, f"{family(channel)}:read")
    return {"channel": channel_json(channel)}


def _wanted(args: Args) -> set[str]:
    kinds = {each.strip() for each in (args.maybe_text("types") or "public_channel").split(",")}
    names = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
    if unknown := kinds - set(names):
        raise ApiError("invalid_types", response_metadata={"messages": sorted(unknown)})
    return {names[kind] for kind in kinds}


def _listed(workspace: Workspace, args: Args) -> list[Channel]:
    families = _wanted(args)
    require_scope(workspace, *(f"{each}:read" for each in sorted(families)))
    hide_archived = args.flag("exclude_archived")
    found = [each for each in workspace.channels.values() if family(each) in families]
    visible = [each for each in found if not each.is_private or BOT_USER_ID in each.members]
    return [each for each in visible if not (hide_archived and each.is_archived)]


def listing(context: Context, args: Args) -> Json:
    shown, cursor = page(_listed(context.workspace, args), args, default=100)
    return {"channels": [channel_json(each) for each in shown], **metadata(cursor)}


def joined(context: Context, args: Args) -> Json:
    """users.conversations: only those the app is a member of."""
    mine = [each for each in _listed(context.workspace, args) if BOT_USER_ID in each.members]
    shown, cursor = page(mine, args, default=100)
    return {"channels": [channel_json(each) for each in shown], **metadata(cursor)}


def history(context: Context, args: Args) -> Json:
    """Messages, newest first, between `oldest` and `latest`; metadata only with include_all_metadata."""
    workspace = context.workspace
    channel = workspace.channel(args.text("channel"))
    require_scope(workspace, f"{family(channel)}:history")
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    found = [each for each in reversed(workspace.messages(channel.id)) if _within(each, args)]
    shown, cursor = page(found, args, default=100, most=999)
    with_metadata = args.flag("include_all_metadata")
    answer: Json = {
        "messages": [message_json(each, with_metadata=with_metadata) for each in shown],
        "has_more": bool(cursor), "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0,
    }  # fmt: skip
    return answer | metadata(cursor) if cursor else answer


def _within(message: Message, args: Args) -> bool:
    """Ephemeral messages and thread replies are in no history."""
    if message.ephemeral_to or (message.thread_ts and message.thread_ts != message.ts):
        return False
    ts, inclusive = Decimal(message.ts), args.flag("inclusive")
    oldest, latest = _stamp(args, "oldest"), _stamp(args, "latest")
    after = oldest is None or ts > oldest or (inclusive and ts == oldest)
    before = latest is None or ts < latest or (inclusive and ts == latest)
    return after and before


def _stamp(args: Args, name: str) -> Decimal | None:
    value = args.maybe_text(name)
    try:
        return Decimal(value) if value else None
    except InvalidOperation:
        raise invalid_arguments(f"invalid timestamp: {name}") from None


METHODS = {
    "conversations.open": Method(opened, scopes=("im:write",)),
    "conversations.info": Method(info),
    "conversations.list": Method(listing, tier=2),
    "conversations.history": Method(history),
    "users.conversations": Method(joined),
}
