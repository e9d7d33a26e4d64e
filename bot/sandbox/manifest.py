"""What manifest.yml grants: scopes, events, commands and tabs. The workspace gives the app nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

Json = dict[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class DisplayInformation(_Part):
    name: str = Field(max_length=35)
    description: str = Field(default="", max_length=140)
    long_description: str | None = Field(default=None, min_length=175, max_length=4000)


class AppHome(_Part):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False
    messages_tab_read_only_enabled: bool = True


class BotUser(_Part):
    display_name: str = Field(max_length=80)
    always_online: bool = False


class SlashCommand(_Part):
    command: str = Field(max_length=32, pattern=r"^/[^\s/]+$")
    description: str = Field(max_length=2000)
    usage_hint: str = Field(default="", max_length=1000)
    should_escape: bool = False


class Features(_Part):
    app_home: AppHome = AppHome()
    bot_user: BotUser
    slash_commands: tuple[SlashCommand, ...] = ()


class Scopes(_Part):
    """`bot_optional` are those of `bot` that whoever installs the app may decline."""

    bot: tuple[str, ...] = ()
    bot_optional: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _optional_ones_are_among_all(self) -> Self:
        if missing := sorted(set(self.bot_optional) - set(self.bot)):
            raise ValueError(f"optional scopes have to be in scopes.bot too: {', '.join(missing)}")
        return self


class OAuthConfig(_Part):
    scopes: Scopes = Scopes()


class EventSubscriptions(_Part):
    bot_events: tuple[str, ...] = ()


class Interactivity(_Part):
    is_enabled: bool = False


class Settings(_Part):
    event_subscriptions: EventSubscriptions = EventSubscriptions()
    interactivity: Interactivity = Interactivity()
    socket_mode_enabled: bool = False


class Manifest(_Part):
    """A Slack app manifest, as far as the workspace acts on it."""

    display_information: DisplayInformation
    features: Features
    oauth_config: OAuthConfig = OAuthConfig()
    settings: Settings = Settings()

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Reads a YAML (or JSON) manifest; a pydantic error names the field that Slack would refuse."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.oauth_config.scopes.bot

    @property
    def optional_scopes(self) -> tuple[str, ...]:
        return self.oauth_config.scopes.bot_optional

    @property
    def events(self) -> tuple[str, ...]:
        return self.settings.event_subscriptions.bot_events

    def command(self, name: str) -> SlashCommand | None:
        """The registered command of that name ("/candor"), or None."""
        return next((each for each in self.features.slash_commands if each.command == name), None)

    @property
    def home_tab(self) -> bool:
        return self.features.app_home.home_tab_enabled

    @property
    def messages_tab_writable(self) -> bool:
        home = self.features.app_home
        return home.messages_tab_enabled and not home.messages_tab_read_only_enabled
