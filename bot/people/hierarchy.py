"""One hierarchy out of team names: paths such as "Engineering / Payments", no cycles, no team with two parents."""

from collections.abc import Iterable, Mapping

from bot.people.directory_file import DirectoryFile, Entry
from storage.directory import SEPARATOR

DEEPEST = 6
LONGEST = 80
# A circle of more teams than this is reported as too deep, which it is as well.
_CLIMB = 50

Path = tuple[str, ...]


def with_ancestors(paths: Iterable[str]) -> set[str]:
    """The paths and every path above them: "A / B" brings "A"."""
    parts = [path.split(SEPARATOR) for path in paths]
    return {SEPARATOR.join(each[:depth]) for each in parts for depth in range(1, len(each) + 1)}


def resolve(file: DirectoryFile) -> dict[int, str]:
    """The team path of each good line that names a team, by line; what is wrong is added to `file.refusals`."""
    entries = [entry for entry in file.entries if entry.team or entry.parent]
    paths = _from_parents(entries, file) if file.has_parents else _from_paths(entries)
    good = {line: path for line, path in paths.items() if _is_good(line, path, file)}
    _refuse_two_spellings(good, file)
    return {line: SEPARATOR.join(path) for line, path in good.items()}


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _from_paths(entries: Iterable[Entry]) -> dict[int, Path]:
    return {entry.line: tuple(_tidy(part) for part in entry.team.split("/")) for entry in entries}


def _from_parents(entries: Iterable[Entry], file: DirectoryFile) -> dict[int, Path]:
    lines = {entry.line: (_tidy(entry.team), _tidy(entry.parent)) for entry in entries}
    above: dict[str, tuple[str, int]] = {}
    for line, (team, parent) in lines.items():
        known, first = above.setdefault(team, (parent, line))
        if not team:
            file.refuse(line, "team", "is empty where a parent is given")
        elif "/" in team or "/" in parent:
            file.refuse(line, "team", 'is a path; beside a "parent" column each cell holds one name')
        elif known != parent:
            file.refuse(line, "parent", f"gives the team another parent than line {first} does")
    if file.refusals:
        return {}
    return {line: _climb(team, above) for line, (team, _) in lines.items()}


def _climb(team: str, above: Mapping[str, tuple[str, int]]) -> Path:
    """The path down to `team`; where parents go round in a circle, it ends with the first name met twice."""
    path = [team]
    while (parent := above.get(path[0], ("", 0))[0]) and path.count(path[0]) == 1 and len(path) < _CLIMB:
        path.insert(0, parent)
    return tuple(path)


def _is_good(line: int, path: Path, file: DirectoryFile) -> bool:
    before = len(file.refusals)
    folded = [name.casefold() for name in path]
    if "" in path:
        file.refuse(line, "team", "has an empty part in its path")
    elif len(set(folded)) < len(folded):
        file.refuse(line, "team", f"goes round in a circle: {SEPARATOR.join(path)[:200]}")
    elif len(path) > DEEPEST:
        file.refuse(line, "team", f"is deeper than {DEEPEST} levels")
    elif max(map(len, path)) > LONGEST:
        file.refuse(line, "team", f"has a name of more than {LONGEST} characters")
    return len(file.refusals) == before


def _refuse_two_spellings(paths: Mapping[int, Path], file: DirectoryFile) -> None:
    seen: dict[Path, tuple[Path, int]] = {}
    for line, path in paths.items():
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            spelled, first = seen.setdefault(tuple(name.casefold() for name in part), (part, line))
            if spelled != part:
                file.refuse(line, "team", f'"{part[-1]}" is spelled another way on line {first}')
                break
