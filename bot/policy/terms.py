"""The terms: what the policy says that the program does. They are the program's settings."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.policy.front_matter import Misplaced
from bot.usage.catalogue import TOOLS

ALL = "all"
Weeks = Annotated[int, Field(strict=True, ge=1, le=520)]
Hour = Annotated[int, Field(strict=True, ge=0, le=23)]
# A stricter bound than the program's own rule for the night: nobody is written to before seven or after eight.
DecentHour = Annotated[int, Field(strict=True, ge=7, le=20)]
Viewers = Literal["managers", "leaders", "hr"]
# What the terms of the first versions, which had two of them only, left unsaid.
_UNSAID: Mapping[str, Any] = {
    "smallest_group": 5,
    "smallest_group_comments": 10,
    "who_sees": {
        "usage": ["person"],
        "check_ins": ["person"],
        "team_summaries": ["managers", "leaders", "hr"],
        "pulse_results": ["everyone"],
    },
    "pulse_weeks": 12,
    "hours": {"digest": 9, "invitations": 10},
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Retention(_Part):
    """Weeks that each kind of data is kept. `messages`: Candor's messages and files in Slack that hold figures.
    `leavers`: everything of a person whose account is switched off. `questions`: what was sent to HR without a name."""

    usage: Weeks
    check_ins: Weeks
    messages: Weeks
    leavers: Weeks
    questions: Weeks
    ledger: Weeks


class WhoSees(_Part):
    """Who is shown what. A person's own figures have one possible viewer, and no policy can name another."""

    usage: tuple[Literal["person"]]
    check_ins: tuple[Literal["person"]]
    team_summaries: tuple[Viewers, ...]
    pulse_results: tuple[Literal["everyone"]]

    @field_validator("team_summaries")
    @classmethod
    def _once(cls, viewers: tuple[str, ...]) -> tuple[str, ...]:
        return _named_once(viewers)


class Hours(_Part):
    """Local hours: of the digest, unless the person chooses another; of invitations and of notices."""

    digest: Hour
    invitations: DecentHour


class Terms(_Part):
    """All terms of one version. `tools`: the columns of a usage day that are kept, by tool."""

    tools: dict[str, tuple[str, ...]] = Field(min_length=1, max_length=10)
    retention_weeks: Retention
    smallest_group: Annotated[int, Field(strict=True, ge=4, le=1000)]
    smallest_group_comments: Annotated[int, Field(strict=True, ge=4, le=1000)]
    who_sees: WhoSees
    pulse_weeks: Annotated[int, Field(strict=True, ge=1, le=104)]
    hours: Hours

    @field_validator("tools", mode="before")
    @classmethod
    def _every_field(cls, tools: Any) -> Any:
        """Short forms: a list of tools, or "all" for a tool, stand for all fields that the tool has."""
        if isinstance(tools, list):
            tools = dict.fromkeys(_named_once(tuple(map(str, tools))), ALL)
        if isinstance(tools, dict):
            _require_tools(tools)
            return {tool: _fields(tool) if fields == ALL else fields for tool, fields in tools.items()}
        return tools

    @field_validator("tools")
    @classmethod
    def _known_fields(cls, tools: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for tool, fields in tools.items():
            unknown = [field for field in _named_once(fields, tool) if field not in TOOLS[tool].columns]
            if unknown:
                raise Misplaced(f"has no {', '.join(unknown)}; it has {', '.join(_fields(tool))}", tool)
            if not fields:
                raise Misplaced("keeps no field: name some, or leave the tool out", tool)
        return tools

    @field_validator("retention_weeks", mode="before")
    @classmethod
    def _every_kind(cls, weeks: Any) -> Any:
        """Short form: one number stands for every kind of data."""
        return dict.fromkeys(Retention.model_fields, weeks) if isinstance(weeks, int) else weeks

    @model_validator(mode="after")
    def _comments_are_rarer(self) -> "Terms":
        if self.smallest_group_comments < self.smallest_group:
            raise Misplaced("is smaller than smallest_group; comments need the larger group", "smallest_group_comments")
        return self


def stored_terms(stored: Mapping[str, Any]) -> Terms:
    """The terms of a published version, validated again; what the first versions left unsaid is filled in."""
    return Terms.model_validate({**_UNSAID, **stored})


Value = int | tuple[str, ...]


def flat(terms: Terms) -> dict[str, Value]:
    """Every term by its dotted name, as placeholders and comparisons name it; `tools.<tool>` has the fields kept."""
    by_name: dict[str, Value] = {"tools": tuple(terms.tools)}
    by_name |= {f"tools.{tool}": fields for tool, fields in terms.tools.items()}
    by_name |= {f"retention_weeks.{kind}": weeks for kind, weeks in terms.retention_weeks}
    by_name |= {"smallest_group": terms.smallest_group, "smallest_group_comments": terms.smallest_group_comments}
    by_name |= {f"who_sees.{what}": viewers for what, viewers in terms.who_sees}
    return by_name | {"pulse_weeks": terms.pulse_weeks} | {f"hours.{what}": hour for what, hour in terms.hours}


def names() -> frozenset[str]:
    """Every name that a clause may give as the term behind it: also of groups, such as "retention_weeks"."""
    every = flat(stored_terms({"tools": list(TOOLS), "retention_weeks": 1}))
    return frozenset(every) | {name.partition(".")[0] for name in every}


def in_words(name: str, value: Value) -> str:
    """A term's value as a person reads it: "26", "09:00", "Claude Code and Cursor"."""
    if isinstance(value, int):
        return f"{value:02d}:00" if name.startswith("hours.") else str(value)
    return joined([_word(name, item) for item in value]) or "nobody"


def _word(name: str, item: str) -> str:
    if name == "tools":
        return TOOLS[item].name
    if name.startswith("tools."):
        tool = TOOLS[name.partition(".")[2]]
        return next(field.label for field in tool.fields if field.column == item)
    return {"hr": "HR", "person": "you"}.get(item, item)


def joined(items: list[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def _fields(tool: str) -> tuple[str, ...]:
    return tuple(field.column for field in TOOLS[tool].fields)


def _require_tools(tools: Mapping[Any, Any]) -> None:
    for tool in tools:
        if tool not in TOOLS:
            raise Misplaced(f"{tool} is not a tool; use some of {', '.join(TOOLS)}", str(tool))


def _named_once(items: tuple[str, ...], *at: str) -> tuple[str, ...]:
    twice = sorted({item for item in items if items.count(item) > 1})
    if twice:
        raise Misplaced(f"{', '.join(twice)}: named twice", *at)
    return items
