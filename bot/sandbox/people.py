"""Accounts as the Web API and events show them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.model import User


def user_json(user: User, *, with_email: bool, at: datetime | None = None) -> dict[str, Any]:
    """The `user` object of users.info, users.list, team_join and user_change."""
    zone = ZoneInfo(user.tz)
    moment = at or datetime.fromtimestamp(user.updated, UTC)
    offset = zone.utcoffset(moment.astimezone(zone))
    shown: dict[str, Any] = {
        "id": user.id, "team_id": "T0SANDBOX1", "name": user.handle, "deleted": user.deleted,
        "profile": _profile(user, with_email=with_email), "is_bot": user.is_bot, "updated": user.updated,
        "is_app_user": False,
    }  # fmt: skip
    if user.is_stranger:
        shown["is_stranger"] = True
    if user.deleted:
        return shown
    return shown | {
        "color": "9f69e7", "real_name": user.name, "tz": user.tz, "tz_label": zone.key,
        "tz_offset": int(offset.total_seconds()) if offset else 0, "is_admin": False, "is_owner": False,
        "is_primary_owner": False, "is_restricted": user.is_restricted or user.is_ultra_restricted,
        "is_ultra_restricted": user.is_ultra_restricted, "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }  # fmt: skip


def _profile(user: User, *, with_email: bool) -> dict[str, Any]:
    profile = {
        "title": user.title, "real_name": user.name, "real_name_normalized": user.name,
        "display_name": user.name.split()[0], "display_name_normalized": user.name.split()[0],
        "status_text": "", "status_emoji": "", "avatar_hash": "g0", "team": "T0SANDBOX1",
    }  # fmt: skip
    if with_email and user.email is not None:
        profile["email"] = user.email
    return profile
