"""Which summary a button is about, as it is written into the button: ids, never figures."""

import re
from typing import NamedTuple

from bot.teams.rights import NoRight

_WRITTEN = re.compile(r"(\d{1,6}) (\d{1,9})( hr)?", re.ASCII)


class Target(NamedTuple):
    """A team of a season, by their numbers; `as_hr`: opened as HR, not as whoever manages the team."""

    season: int
    team: int
    as_hr: bool = False

    def written(self) -> str:
        return f"{self.season} {self.team}{' hr' if self.as_hr else ''}"

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Raises `NoRight` for what no button of ours carries."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise NoRight
        return cls(int(found[1]), int(found[2]), found[3] is not None)
