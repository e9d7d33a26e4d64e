"""Environment and `.env` → validated settings. Nothing is read at import."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import OperatorError

_MEND = {
    "SLACK_BOT_TOKEN": "the bot token begins with xoxb-: in your Slack app, Install App → Bot User OAuth Token",
    "SLACK_APP_TOKEN": "the app token begins with xapp-: Basic Information → App-Level Tokens, scope connections:write",
    "SLACK_SIGNING_SECRET": "needed with --http: Basic Information → App Credentials → Signing Secret",
    "SLACK_API_URL": "an address such as https://slack.com/api/",
    "DATABASE_URL": "sqlite:///candor.db or postgresql://user:password@host/name",
    "CANDOR_HR": "Slack ids of people such as U012AB3CD (in a profile, More → Copy member ID) or of user groups (S…)",
    "CANDOR_CHANNEL": "the Slack id of the channel for news of the policy (C…): in its details, at the end of About",
    "CANDOR_TRUSTEE": "the file with the public halves of the trustee's keys: candor pulse trustee keygen makes it",
    "CANDOR_CONTACT": "the Slack id of a person (U…) or a channel (C…)",
}


class Settings(BaseSettings):
    """All settings. Slack's and the database's go by their usual names, the rest begin with `CANDOR_`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_prefix="CANDOR_", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    slack_bot_token: SecretStr = Field(alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(default=None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(default=None, alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field(default="https://slack.com/api/", alias="SLACK_API_URL")
    database_url: str = Field(default="sqlite:///candor.db", alias="DATABASE_URL")
    hr: Annotated[frozenset[Annotated[str, Field(pattern=r"^[UWS][A-Z0-9]+$")]], NoDecode] = frozenset()
    contact: str | None = Field(default=None, pattern=r"^[UWCG][A-Z0-9]+$")
    channel: str | None = Field(default=None, pattern=r"^[CG][A-Z0-9]+$")
    two_publishers: bool = False
    policy: Path = Path(__file__).parent / "policy" / "sample.md"
    keys: Path = Path.home() / ".local" / "state" / "candor" / "keys"
    trustee: Path | None = None
    backup_days: int = Field(default=30, ge=0)
    tick_seconds: int = Field(default=10, ge=1)
    messages_per_minute: int = Field(default=300, ge=1, le=525)
    settle_seconds: int = Field(default=90, ge=60)
    host: str = "127.0.0.1"
    port: int = Field(default=8300, ge=0, le=65535)
    ops_port: int | None = Field(default=None, ge=0, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr) -> SecretStr:
        return _begins(value, "xoxb-")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return value and _begins(value, "xapp-")

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("is not an http(s) address")
        return value.rstrip("/") + "/"

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            raise ValueError("is not a database address") from None
        if backend not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("is neither SQLite nor PostgreSQL")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("hr", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        return frozenset(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("policy", "trustee")
    @classmethod
    def _file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("is not a file")
        return value

    def secret(self, name: str) -> str:
        """The plain text of the secret setting `name`; raises `OperatorError` that says where it comes from."""
        value: SecretStr | None = getattr(self, name.lower())
        if value is None:
            raise OperatorError(f"{name} is not set: {_MEND[name]}.")
        return value.get_secret_value()


def _begins(value: SecretStr, prefix: str) -> SecretStr:
    if not value.get_secret_value().startswith(prefix):
        raise ValueError(f"does not begin with {prefix}")
    return value


def load_settings(**overrides: Any) -> Settings:
    """Read and check all settings; raises `OperatorError` with one line per bad variable, never a value."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise OperatorError("\n".join(_line(item["loc"], item["msg"]) for item in error.errors())) from None


def _line(where: tuple[int | str, ...], message: str) -> str:
    field = str(where[0])
    name = field if field.isupper() else f"CANDOR_{field.upper()}"
    said = "is not set" if message == "Field required" else message.removeprefix("Value error, ")
    return f"{name}: {said}" + (f" ({_MEND[name]})" if name in _MEND else "")
