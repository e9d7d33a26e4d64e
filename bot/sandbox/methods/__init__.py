"""The Web API's methods: one table, from a method's name to its function, scopes and rate tier."""

from __future__ import annotations

from bot.sandbox.methods import apps, chat, conversations, files, usergroups, users, views
from bot.sandbox.methods.base import Method

METHODS: dict[str, Method] = {
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}
