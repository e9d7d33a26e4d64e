"""The manifest asks for what the code uses, and for nothing else."""

import ast
import re
from pathlib import Path

import yaml

from tests.candor import MANIFEST
from tests.test_app import listened_to

ROOT = Path(__file__).parents[1]
# What Slack's own reference says each method needs; views.* and auth.test need none.
SCOPES = {
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "conversations_history": "im:history",
    "conversations_open": "im:write",
    "conversations_replies": "im:history",
    "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write",
    "files_delete": "files:write",
    "usergroups_users_list": "usergroups:read",
    "users_info": "users:read",
    "users_list": "users:read",
    "views_open": None,
    "views_push": None,
    "views_update": None,
    "views_publish": None,
    "auth_test": None,
    "apps_connections_open": None,
}
# Scopes that belong to something other than a method: a field, the slash command.
OTHER = {
    "files:read": "the file that HR drops into the DM",
    "users:read.email": "the address in users.info and users.list",
    "commands": "/candor",
}

METHOD = re.compile(r"^(chat|conversations|files|users|views|auth|apps|usergroups|reactions)_[a-zA-Z_]+$")
MANIFESTO = yaml.safe_load(MANIFEST.read_text())


def methods_used() -> set[str]:
    """Every Web API method that the bot's code calls on a client."""
    used = set()
    for path in (ROOT / "bot").rglob("*.py"):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and METHOD.match(node.attr) and "client" in ast.unparse(node.value):
                used.add(node.attr)
    return used


def test_every_web_api_method_used_is_known_here_and_none_is_spare() -> None:
    assert methods_used() == set(SCOPES)


def test_the_scopes_are_exactly_those_of_the_methods_used() -> None:
    needed = {scope for scope in SCOPES.values() if scope} | set(OTHER)
    assert set(MANIFESTO["oauth_config"]["scopes"]["bot"]) == needed


def test_the_events_and_commands_are_exactly_those_listened_to() -> None:
    subscribed = MANIFESTO["settings"]["event_subscriptions"]["bot_events"]
    events = {name.replace("message.im", "message") for name in subscribed}
    assert events == listened_to()["event"]
    assert {command["command"] for command in MANIFESTO["features"]["slash_commands"]} == listened_to()["command"]


def test_names_and_descriptions_fit_slacks_limits() -> None:
    about = MANIFESTO["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
