"""The policy file: front matter with terms, and the text people agree to."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import frontmatter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yaml import YAMLError

from bot.errors import OperatorError


class Terms(BaseModel):
    """The settings that the policy makes: tools that may be offered, and weeks that figures are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tools: list[str] = Field(min_length=1, max_length=10)
    retention_weeks: int = Field(ge=1, le=520)


class PolicyDocument(BaseModel):
    """A policy as published: `text` has its numbers filled in from the terms, `hash` is the SHA-256 of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str = Field(min_length=1, max_length=150)
    contact: str = Field(min_length=1, max_length=150)
    language: str = "en"
    effective: date
    terms: Terms
    text: str
    hash: str


def read_policy(path: Path) -> PolicyDocument:
    """The policy in this file; raises `OperatorError` that names the field and the mend."""
    raw = path.read_bytes()
    try:
        post = frontmatter.loads(raw.decode("utf-8"))
        return _document(post.metadata, post.content, hashlib.sha256(raw).hexdigest())
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
