"""conversations.*: the channels and DMs that the app can see."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError
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
    channel = _readable(context.workspace, args)
    whole = [each for each in context.workspace.messages(channel.id) if not each.is_reply]
    answer = _page([each for each in reversed(whole) if _within(each, args)], args, default=100, most=999)
    return answer | {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}


def replies(context: Context, args: Args) -> Json:
    """A thread, oldest first, beginning with its first message. Channels are closed to the tokens of bots."""
    channel = _readable(context.workspace, args)
    if not channel.is_im:
        raise ApiError("not_allowed_token_type")
    thread = _thread(context.workspace, channel, args.text("ts"))
    return _page([each for each in thread if _within(each, args)], args, default=1000, most=1000)


def _thread(workspace: Workspace, channel: Channel, ts: str) -> list[Message]:
    """The message of that time stamp and the replies to it; a reply stands alone."""
    try:
        message = workspace.message(channel.id, ts)
    except ApiError:
        raise ApiError("thread_not_found") from None
    if message.ephemeral_to:
        raise ApiError("thread_not_found")
    return [message, *(each for each in message.replies if not each.deleted)]


def _readable(workspace: Workspace, args: Args) -> Channel:
    channel = workspace.channel(args.text("channel"))
    require_scope(workspace, f"{family(channel)}:history")
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _page(found: list[Message], args: Args, *, default: int, most: int) -> Json:
    shown, cursor = page(found, args, default=default, most=most)
    with_metadata = args.flag("include_all_metadata")
    messages = [message_json(each, with_metadata=with_metadata) for each in shown]
    answer: Json = {"messages": messages, "has_more": bool(cursor)}
    return answer | metadata(cursor) if cursor else answer


def _within(message: Message, args: Args) -> bool:
    """Whether it lies between `oldest` and `latest`; ephemeral messages are never found."""
    if message.ephemeral_to:
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
        raise ApiError(f"invalid_ts_{name}") from None


METHODS = {
    "conversations.open": Method(opened, scopes=("im:write",)),
    "conversations.info": Method(info),
    "conversations.list": Method(listing, tier=2),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
    "users.conversations": Method(joined),
}
