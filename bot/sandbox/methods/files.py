"""files.*: uploading in three steps, reading about and deleting files."""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError, invalid_arguments
from bot.sandbox.methods.base import Context, Method
from bot.sandbox.model import Channel, File, Message
from bot.sandbox.shapes import file_json
from bot.sandbox.workspace import BOT_USER_ID, Workspace

Json = dict[str, Any]

MOST_BYTES = 1_000_000_000


def upload_url(context: Context, args: Args) -> Json:
    """Step one: a ticket and an address for exactly `length` bytes."""
    workspace = context.workspace
    name = args.text("filename")
    length = args.number("length", 0, least=1, most=MOST_BYTES)
    file = workspace.new_file(name, BOT_USER_ID)
    file.length = length
    workspace.uploads[ticket := secrets.token_urlsafe(16)] = file
    return {"upload_url": f"{workspace.url}/upload/v1/{ticket}", "file_id": file.id}


def receive(workspace: Workspace, ticket: str, content: bytes) -> None:
    """Step two: the bytes, as they were posted to the ticket's address; used once."""
    with workspace.lock:
        file = workspace.uploads.pop(ticket, None)
        if file is None:
            raise ApiError("file_not_found", status=404)
        if len(content) != file.length:
            raise ApiError("file_upload_size_mismatch", status=400)
        file.content, file.uploaded = content, True


def complete(context: Context, args: Args) -> Json:
    """Step three: names the files and, with `channel_id`, shares them in one message."""
    workspace = context.workspace
    wanted = args.objects("files")
    if not wanted:
        raise invalid_arguments("missing required field: files")
    files = [_uploaded(workspace, str(each.get("id"))) for each in wanted]
    channel = _where(workspace, args)
    for file, each in zip(files, wanted, strict=True):
        file.title = each.get("title") or file.name
    if channel is not None:
        _share(workspace, channel, files, args)
    workspace.changed()
    return {"files": [file_json(each) for each in files]}


def _uploaded(workspace: Workspace, file_id: str) -> File:
    file = workspace.files.get(file_id)
    if file is None or not file.uploaded or file.deleted or file.channel is not None:
        raise ApiError("file_not_found")
    return file


def _where(workspace: Workspace, args: Args) -> Channel | None:
    """The conversation to share in. A person's id is not one: the DM's own id is needed."""
    channel_id = args.maybe_text("channel_id")
    if not channel_id and "channels" in args:
        channel_id = args.text("channels").split(",")[0]
    if not channel_id:
        return None
    channel = workspace.channels.get(channel_id)
    if channel is None:
        raise ApiError("channel_not_found")
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _share(workspace: Workspace, channel: Channel, files: list[File], args: Args) -> None:
    text = args.maybe_text("initial_comment") or ""
    thread_ts = args.maybe_text("thread_ts")
    message = workspace.post(Message("", channel.id, BOT_USER_ID, text, files=files, thread_ts=thread_ts))
    for file in files:
        file.channel, file.shared_ts = channel.id, message.ts


def _existing(workspace: Workspace, args: Args) -> File:
    file = workspace.visible_file(args.text("file"))
    if file.deleted:
        raise ApiError("file_deleted")
    return file


def info(context: Context, args: Args) -> Json:
    """The file and where it was shared: `shares.private|public[channel][].ts`."""
    file = _existing(context.workspace, args)
    shown = file_json(file)
    if file.channel is not None:
        channel = context.workspace.channels[file.channel]
        where = "private" if channel.is_im or channel.is_private else "public"
        shown["shares"] = {where: {file.channel: [{"ts": file.shared_ts}]}}
        shown["ims" if channel.is_im else "channels"] = [file.channel]
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(context: Context, args: Args) -> Json:
    """Destroys a file of the app's own; a message that held nothing else goes with it."""
    workspace = context.workspace
    file = _existing(workspace, args)
    if file.user != BOT_USER_ID:
        raise ApiError("cant_delete_file")
    file.deleted, file.content = True, b""
    if file.channel is not None and file.shared_ts is not None:
        for message in workspace.messages(file.channel):
            if message.ts == file.shared_ts and not message.text and all(each.deleted for each in message.files):
                message.deleted = True
    workspace.changed()
    return {}


METHODS = {
    "files.getUploadURLExternal": Method(upload_url, scopes=("files:write",), tier=4),
    "files.completeUploadExternal": Method(complete, scopes=("files:write",), tier=4),
    "files.info": Method(info, scopes=("files:read",), tier=4),
    "files.delete": Method(delete, scopes=("files:write",)),
}
