"""A release in its canonical form: the same data always gives the same bytes, and so the same hash."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from bot.teams.cells import Cell


def canonical(week: date, season: int, usage: int | None, cells: Mapping[str, Cell]) -> bytes:
    """What was published of a week: UTF-8 JSON without spaces, keys sorted; `cells` by the path of the team."""
    teams = {path: vars(cell) for path, cell in cells.items()}
    content = {"week": week.isoformat(), "season": season, "usage": usage, "teams": teams}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(content: bytes) -> str:
    """SHA-256, in hex."""
    return sha256(content).hexdigest()
