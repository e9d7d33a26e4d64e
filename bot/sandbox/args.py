"""The arguments of a Web API call, whether they came as a form (all text) or as JSON."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.errors import invalid_arguments

Json = dict[str, Any]
_TRUE, _FALSE = {"1", "true"}, {"0", "false", ""}


class Args:
    """Typed access to arguments; a missing or malformed one is refused with `invalid_arguments`."""

    def __init__(self, raw: Json):
        self.raw = raw

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) is not None

    def text(self, name: str) -> str:
        """A required string."""
        value = self.maybe_text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def maybe_text(self, name: str) -> str | None:
        """A string, None when it was not sent."""
        value = self.raw.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        raise invalid_arguments(f"must be a string: {name}")

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean: true, 1, "1", "true"."""
        value = self.raw.get(name)
        if value is None:
            return default
        word = str(value).lower()
        if word not in _TRUE | _FALSE:
            raise invalid_arguments(f"must be a boolean: {name}")
        return word in _TRUE

    def number(self, name: str, default: int, *, least: int = 1, most: int = 1000) -> int:
        """A whole number within [least, most]."""
        value = self.raw.get(name)
        if value is None or value == "":
            return default
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise invalid_arguments(f"must be a number: {name}") from None
        if not least <= number <= most:
            raise invalid_arguments(f"must be between {least} and {most}: {name}")
        return number

    def json(self, name: str) -> Any:
        """A JSON value, sent as JSON or as a string of JSON; None when it was not sent."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise invalid_arguments(f"must be valid JSON: {name}") from None

    def objects(self, name: str) -> list[Json]:
        """A JSON array of objects, empty when it was not sent."""
        value = self.json(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise invalid_arguments(f"must be an array of objects: {name}")
        return value
