"""The policy file: front matter with terms, and the text people agree to."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import frontmatter
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from yaml import YAMLError

from bot.errors import OperatorError
from bot.usage.catalogue import TOOLS

# What fits into one Slack modal, which is how people read it.
TEXT_LIMIT = 60_000


class Terms(BaseModel):
    """The settings that the policy makes: tools that may be offered, and weeks that figures are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tools: list[str] = Field(min_length=1, max_length=10)
    retention_weeks: int = Field(ge=1, le=520)

    @field_validator("tools")
    @classmethod
    def _known_once(cls, tools: list[str]) -> list[str]:
        unknown = [tool for tool in tools if tool not in TOOLS]
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: not a tool; use some of {', '.join(TOOLS)}")
        if len(set(tools)) < len(tools):
            raise ValueError("a tool is named twice")
        return tools


class PolicyDocument(BaseModel):
    """A policy as published: `text` has its numbers filled in from the terms, `hash` is the SHA-256 of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str = Field(min_length=1, max_length=150)
    contact: str = Field(min_length=1, max_length=150)
    language: str = "en"
    effective: date
    terms: Terms
    text: str = Field(min_length=1, max_length=TEXT_LIMIT)
    hash: str


def read_policy(path: Path) -> PolicyDocument:
    """The policy in this file; raises `OperatorError` that names the field and the mend."""
    raw = path.read_bytes()
    try:
        metadata, body = frontmatter.parse(raw.decode("utf-8-sig"))
        head = {str(name): value for name, value in metadata.items()}
        return _document(head, body, hashlib.sha256(raw).hexdigest())
    except (YAMLError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path}: the front matter between the --- lines cannot be read: {error}") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise OperatorError(f"{path}: {faults}") from None


def _document(head: dict[str, Any], body: str, digest: str) -> PolicyDocument:
    policy = PolicyDocument(**{**head, "text": body, "hash": digest})
    return policy.model_copy(update={"text": fill(body, policy.terms)})


def fill(text: str, terms: Terms) -> str:
    """The prose with each `{term}` replaced by its value, so that text and behaviour cannot disagree."""
    for name, value in terms.model_dump().items():
        text = text.replace("{" + name + "}", ", ".join(value) if isinstance(value, list) else str(value))
    return text
