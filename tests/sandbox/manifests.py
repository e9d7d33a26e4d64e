"""Manifests that differ from the tests' own, and workspaces that are described by them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import MANIFEST, populate


def changed(tmp_path: Path, **changes: Any) -> Path:
    """The tests' manifest with values at dotted paths (with "__" for the dot) replaced."""
    manifest = yaml.safe_load(MANIFEST.read_text())
    for dotted, value in changes.items():
        *parents, last = dotted.split("__")
        node = manifest
        for name in parents:
            node = node[name]
        node[last] = value
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(manifest))
    return path


@contextmanager
def workspace_with(manifest: Path) -> Iterator[tuple[Sandbox, WebClient]]:
    with Sandbox(manifest=manifest) as sandbox:
        populate(sandbox)
        client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        sandbox.deliver_inline(App(client=client, signing_secret="unused"))
        yield sandbox, client
