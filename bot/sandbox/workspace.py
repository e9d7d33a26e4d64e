"""The state of the local workspace: people, conversations, messages, files, views, and what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from bot.sandbox.clockwork import Clockwork
from bot.sandbox.elements import carried_over
from bot.sandbox.errors import ApiError, Misuse
from bot.sandbox.manifest import Manifest
from bot.sandbox.model import Ack, Call, Channel, File, Message, User, UserGroup
from bot.sandbox.people import user_json
from bot.sandbox.views import Views

Json = dict[str, Any]

TEAM_ID, TEAM_DOMAIN, APP_ID = "T0SANDBOX1", "sandbox", "A0SANDBOX1"
BOT_USER_ID, BOT_ID = "U0CANDORBT", "B0CANDORBT"


class Workspace(Clockwork):
    """All that a Slack workspace would remember. Every public method is safe from any thread."""

    def __init__(self, manifest: Manifest, clock: Callable[[], datetime], monotonic: Callable[[], float]):
        super().__init__(clock)
        self.manifest = manifest
        self.emit: Callable[[Json], None] = lambda event: None
        self.users: dict[str, User] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.plan: Literal["free", "paid"] = "paid"
        self.channels: dict[str, Channel] = {}
        self._dms: dict[str, str] = {}
        self.files: dict[str, File] = {}
        self.calls: list[Call] = []
        self.acks: list[Ack] = []
        self.log: list[Message] = []
        self._message_states: dict[tuple[str, str], Json] = {}
        self.uploads: dict[str, File] = {}
        self.url = ""
        self.refusal: str | None = None
        self._declined: set[str] = set()
        self.views = Views({"team_id": TEAM_ID, "app_id": APP_ID, "bot_id": BOT_ID}, monotonic)
        self._add_bot()

    def _add_bot(self) -> None:
        name = self.manifest.features.bot_user.display_name
        self.users[BOT_USER_ID] = User(BOT_USER_ID, name, is_bot=True)

    # People

    def add_user(self, *, id: str, name: str, **details: Any) -> User:
        """Puts an account into the workspace, silently. `details` are the other fields of `User`."""
        with self.lock:
            user = User(id=id, name=name, **details)
            user.updated = int(self.clock().timestamp())
            self.users[id] = user
            for channel in self.channels.values():
                if channel.name == "general" and not user.deleted:
                    channel.members.add(id)
            self.changed()
            return user

    def join_user(self, *, id: str, name: str, **details: Any) -> User:
        """Adds an account and sends `team_join`."""
        user = self.add_user(id=id, name=name, **details)
        self._emit_user("team_join", user)
        return user

    def update_user(self, user_id: str, **changes: Any) -> User:
        """Changes an account and sends `user_change`; unknown field names raise TypeError."""
        with self.lock:
            user = self.users[user_id]
            if unknown := set(changes) - {each.name for each in fields(User)}:
                raise TypeError(f"a user has no {', '.join(sorted(unknown))}")
            user = replace(user, **changes, updated=int(self.clock().timestamp()))
            self.users[user_id] = user
            self.changed()
        self._emit_user("user_change", user)
        return user

    def _emit_user(self, kind: str, user: User) -> None:
        with self.lock:
            payload = user_json(user, with_email="users:read.email" in self.scopes)
            event = {"type": kind, "user": payload, "cache_ts": user.updated, "event_ts": self.new_ts()}
        self.emit(event)

    # User groups

    def add_usergroup(self, *, id: str, handle: str, users: Iterable[str]) -> UserGroup:
        """Puts a user group into the workspace; KeyError for an account that is not there."""
        with self.lock:
            group = UserGroup(id, handle, [self.users[each].id for each in users])
            self.usergroups[id] = group
            self.changed()
            return group

    # Conversations

    def add_channel(self, *, id: str, name: str, is_private: bool = False, has_bot: bool = False) -> Channel:
        """Puts a channel into the workspace with every present member in it."""
        with self.lock:
            present = [each for each in self.users.values() if not (each.is_bot or each.is_stranger or each.deleted)]
            channel = Channel(id, name, is_private=is_private, members={each.id for each in present})
            self.channels[id] = channel
            if has_bot:
                channel.members.add(BOT_USER_ID)
            self.changed()
            return channel

    def channel(self, channel_id: str) -> Channel:
        """The conversation of that id, else `channel_not_found`."""
        with self.lock:
            if channel_id not in self.channels:
                raise ApiError("channel_not_found")
            return self.channels[channel_id]

    def invite_bot(self, channel_id: str) -> None:
        """Makes the bot a member of a channel."""
        with self.lock:
            self.channel(channel_id).members.add(BOT_USER_ID)
            self.changed()

    def open_dm(self, user_id: str) -> Channel:
        """The DM between the bot and the person, made when there is none."""
        with self.lock:
            if user_id not in self._dms:
                members = {user_id, BOT_USER_ID}
                channel = Channel(self.new_id("D"), "", im_user=user_id, members=members)
                self.channels[channel.id] = channel
                self._dms[user_id] = channel.id
            return self.channels[self._dms[user_id]]

    def dm(self, user_id: str) -> str | None:
        """The id of the DM between the bot and the person, None when there is none."""
        with self.lock:
            return self._dms.get(user_id)

    # Messages

    def post(self, message: Message) -> Message:
        """Appends a message whose `ts` is filled in here; `thread_not_found` when it answers no first message."""
        with self.lock:
            parent = self.thread(message.channel, message.thread_ts) if message.thread_ts else None
            message.ts = self.new_ts()
            if parent is not None and not message.ephemeral_to:
                parent.thread_ts = parent.ts
                parent.replies.append(message)
                message.parent_user = parent.user
            self.channels[message.channel].messages.append(message)
            self.log.append(message)
            self.changed()
            return message

    def messages(self, channel_id: str, *, with_deleted: bool = False) -> list[Message]:
        """The messages of a conversation, oldest first, ephemeral ones too; deleted ones only when asked for."""
        with self.lock:
            found = self.channel(channel_id).messages
            return [each for each in found if with_deleted or not each.deleted]

    def message(self, channel_id: str, ts: str) -> Message:
        """The message that is still there, else `message_not_found`."""
        with self.lock:
            for each in reversed(self.channel(channel_id).messages):
                if each.ts == ts and not each.deleted:
                    return each
        raise ApiError("message_not_found")

    def thread(self, channel_id: str, ts: str) -> Message:
        """The message that a thread begins with, else `thread_not_found`: replies and ephemeral ones begin none."""
        try:
            message = self.message(channel_id, ts)
        except ApiError:
            raise ApiError("thread_not_found") from None
        if message.is_reply or message.ephemeral_to:
            raise ApiError("thread_not_found")
        return message

    def message_state(self, user_id: str, message: Message) -> Json:
        """`state.values` of a message as this person has set its menus; lives on, and may be changed."""
        with self.lock:
            key = (user_id, message.ts)
            before = self._message_states.get(key, {})
            self._message_states[key] = carried_over(message.blocks, before)
            return self._message_states[key]

    # Files

    def new_file(self, name: str, user: str) -> File:
        """A file without content yet, with an address of its own."""
        with self.lock:
            file = File(self.new_id("F"), name, name, b"", user, created=int(self.clock().timestamp()))
            address = f"{self.url}/files-pri/{TEAM_ID}-{file.id}"
            file.url, file.download_url = f"{address}/{quote(name)}", f"{address}/download/{quote(name)}"
            self.files[file.id] = file
            return file

    def visible_file(self, file_id: str) -> File:
        """The file that the app can see: its own, or one in a conversation it is in; else `file_not_found`."""
        with self.lock:
            file = self.files.get(file_id)
            if file is None or not file.uploaded:
                raise ApiError("file_not_found")
            shared_here = file.channel is not None and BOT_USER_ID in self.channels[file.channel].members
            if file.user != BOT_USER_ID and not shared_here:
                raise ApiError("file_not_found")
            return file

    # Views

    def home(self, user_id: str) -> Json | None:
        """The published Home tab of the person, None before the first `views.publish`."""
        with self.lock:
            return self.views.homes.get(user_id)

    def modals(self, user_id: str) -> list[Json]:
        """The modals the person has open, the top one last."""
        with self.lock:
            return list(self.views.stacks.get(user_id, []))

    # The app

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the app was granted: the manifest's scopes without the optional ones that were declined."""
        return tuple(scope for scope in self.manifest.scopes if scope not in self._declined)

    def decline_scope(self, scope: str) -> None:
        """Takes back an optional scope, as whoever installs the app may; any other raises Misuse."""
        if scope not in self.manifest.optional_scopes:
            raise Misuse(f"{scope} is no optional scope")
        with self.lock:
            self._declined.add(scope)

    @property
    def bot_user_id(self) -> str:
        """The user id of the bot."""
        return BOT_USER_ID

    def uninstall_app(self) -> None:
        """Removes the app: sends `app_uninstalled`; from then on every call answers `account_inactive`."""
        with self.lock:
            self.refusal = "account_inactive"
        self.emit({"type": "app_uninstalled"})

    def revoke_tokens(self) -> None:
        """Revokes the bot's token: sends `tokens_revoked`; from then on every call answers `token_revoked`."""
        with self.lock:
            self.refusal = "token_revoked"
        self.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER_ID]}})
