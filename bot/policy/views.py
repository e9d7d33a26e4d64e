"""The policy in force, readable where it is agreed to."""

import re

from bot.blocks import Block, View, context, escape, lines, modal
from storage.tables import PolicyVersion

_HEADING = re.compile(r"^#{1,6}\s+(.*)$")


def reader(policy: PolicyVersion) -> View:
    """The whole text as a modal, a title for each clause."""
    blocks: list[Block] = [context(f"Version {policy.number}, fingerprint (SHA-256) `{policy.hash}`")]
    rows = (
        row for heading, text in clauses(policy.text) for row in (heading and f"\n*{escape(heading)}*", escape(text))
    )
    blocks += lines(row for row in rows if row)
    return modal("policy.closed", "The policy", blocks)


def clauses(text: str) -> list[tuple[str, str]]:
    """(heading, text) of each clause in order; text before the first heading has an empty heading."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        match = _HEADING.match(line)
        if match:
            found.append((match[1].strip(), []))
        else:
            found[-1][1].append(line)
    pairs = [(heading, "\n".join(body).strip()) for heading, body in found]
    return [(heading, _unwrap(body)) for heading, body in pairs if heading or body]


def _unwrap(text: str) -> str:
    # In Markdown a single line break inside a paragraph is a space.
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
