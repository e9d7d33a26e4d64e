"""Home tabs and modal stacks, and the trigger ids that open them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.elements import carried_over, initial_state
from bot.sandbox.errors import ApiError

Json = dict[str, Any]

TRIGGER_SECONDS = 3.0
STACK_LIMIT = 3


@dataclass
class Trigger:
    """Permission to show one modal to one person, for three seconds, once."""

    user: str
    until: float
    from_view: str | None
    used: bool = False


class Views:
    """Every view that is open or published. Callers hold the workspace's lock."""

    def __init__(self, owner: Json, monotonic: Callable[[], float]):
        """`owner` holds team_id, app_id and bot_id, which each view carries; `monotonic` counts seconds."""
        self._owner = owner
        self._monotonic = monotonic
        self._numbers = itertools.count(1)
        self._triggers: dict[str, Trigger] = {}
        self.homes: dict[str, Json] = {}
        self.stacks: dict[str, list[Json]] = {}

    def new_trigger(self, user: str, from_view: str | None = None) -> str:
        """A fresh trigger id, as it goes into a payload."""
        number = next(self._numbers)
        trigger_id = f"{1000000000 + number}.{2000000000 + number}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, self._monotonic() + TRIGGER_SECONDS, from_view)
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Uses a trigger up; refuses one that is unknown, used or older than three seconds."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self._monotonic() > trigger.until:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger

    def open(self, trigger_id: str, view: Json) -> Json:
        """Opens a modal as a new root, on top of what the person has open."""
        trigger = self.redeem(trigger_id)
        return self._push(trigger.user, view, root=None, previous=None)

    def push(self, trigger_id: str, view: Json) -> Json:
        """Puts a modal above the one the trigger came from."""
        trigger = self.redeem(trigger_id)
        stack = self.stacks.get(trigger.user, [])
        if not stack or trigger.from_view is None:
            raise ApiError("not_found")
        return self._push(trigger.user, view, root=stack[-1]["root_view_id"], previous=stack[-1]["id"])

    def push_on(self, user: str, view: Json) -> Json:
        """Puts a modal on top, as the answer `response_action: push` does."""
        top = self.stacks[user][-1]
        return self._push(user, view, root=top["root_view_id"], previous=top["id"])

    def publish(self, user: str, view: Json, expected_hash: str | None) -> Json:
        """Replaces a person's Home tab."""
        old = self.homes.get(user)
        if old is not None:
            _same_hash(old, expected_hash)
        new = self._complete(view, old["id"] if old else self._new_id())
        new["root_view_id"] = new["id"]
        new["state"] = {"values": carried_over(new["blocks"], old["state"]["values"] if old else {})}
        self.homes[user] = new
        return new

    def update(self, old: Json, view: Json, expected_hash: str | None = None) -> Json:
        """Replaces an open view in its place; what the person had put in stays in fields that stay."""
        _same_hash(old, expected_hash)
        new = self._complete(view, old["id"])
        new["root_view_id"], new["previous_view_id"] = old["root_view_id"], old["previous_view_id"]
        new["state"] = {"values": carried_over(new["blocks"], old["state"]["values"])}
        for stack in self.stacks.values():
            stack[:] = [new if each["id"] == old["id"] else each for each in stack]
        for user, home in self.homes.items():
            if home["id"] == old["id"]:
                self.homes[user] = new
        return new

    def find(self, view_id: str | None = None, external_id: str | None = None) -> Json:
        """The open or published view of that id, else `not_found`."""
        for view in [*self.homes.values(), *itertools.chain(*self.stacks.values())]:
            if (view_id and view["id"] == view_id) or (external_id and view["external_id"] == external_id):
                return view
        raise ApiError("not_found")

    def owner_of(self, view_id: str) -> str:
        """Whose screen the view is on, else `not_found`."""
        shown = [(user, view) for user, stack in self.stacks.items() for view in stack]
        for user, view in [*shown, *self.homes.items()]:
            if view["id"] == view_id:
                return user
        raise ApiError("not_found")

    def close(self, user: str, view_id: str) -> None:
        """Takes one modal off the person's stack."""
        stack = self.stacks.get(user, [])
        stack[:] = [view for view in stack if view["id"] != view_id]

    def clear(self, user: str) -> None:
        """Closes every modal of the person."""
        self.stacks.pop(user, None)

    def _push(self, user: str, view: Json, *, root: str | None, previous: str | None) -> Json:
        stack = self.stacks.setdefault(user, [])
        if len(stack) >= STACK_LIMIT:
            raise ApiError("push_limit_reached")
        new = self._complete(view, self._new_id())
        new["root_view_id"], new["previous_view_id"] = root or new["id"], previous
        new["state"] = {"values": initial_state(new["blocks"])}
        stack.append(new)
        return new

    def _new_id(self) -> str:
        return f"V{next(self._numbers):010d}"

    def _complete(self, view: Json, view_id: str) -> Json:
        """The view with every field that Slack adds; refuses an external_id that another view has."""
        external = view.get("external_id") or ""
        if external and any(each["external_id"] == external and each["id"] != view_id for each in self._all()):
            raise ApiError("duplicate_external_id")
        return {
            "submit": None, "close": None, "title": None, "private_metadata": "", "callback_id": "",
            "clear_on_close": False, "notify_on_close": False, "previous_view_id": None, **view,
            "id": view_id, "external_id": external, "hash": f"{next(self._numbers)}.{secrets.token_hex(4)}",
            **self._owner, "app_installed_team_id": self._owner["team_id"],
        }  # fmt: skip

    def _all(self) -> list[Json]:
        return [*self.homes.values(), *itertools.chain(*self.stacks.values())]


def _same_hash(view: Json, expected: str | None) -> None:
    if expected is not None and expected != view["hash"]:
        raise ApiError("hash_conflict")
