"""What is collected from each tool, field by field, in the words shown before anybody opts in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Identifier = Literal["email", "github_login"]
ConsentClass = Literal["door", "filtered"]

SURFACES: Mapping[str, str] = MappingProxyType(
    {"chat": "Chat", "ide": "Editor", "cli": "Command line", "agent": "Agent", "api": "API"}
)


@dataclass(frozen=True)
class Field:
    """One column of a usage day: its label after a number ("12 prompts you sent"), and what it means."""

    column: str
    label: str
    explanation: str


@dataclass(frozen=True)
class Tool:
    """A tool whose usage a person can let us read.

    `identifier` is the name its own reports carry. `consent_class` is "door" when they come for everybody and the
    rows of others are dropped in memory, "filtered" when the tool can be asked for the consenting people only.
    `example` is one usage day as it is kept; `left_out` is what the reports hold and we never read.
    """

    key: str
    name: str
    identifier: Identifier
    consent_class: ConsentClass
    freshness: str
    fields: tuple[Field, ...]
    example: Mapping[str, str | int | float | bool]
    left_out: tuple[str, ...]
    credit_unit: str | None = None
    columns: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", frozenset(item.column for item in self.fields))


ALWAYS: tuple[Field, ...] = (
    Field("day", "day", "The day the figures are about, in UTC; for a weekly report, the Monday of the week."),
    Field("surface", "where", "Where you used the tool: chat, editor, command line, agent or API."),
)

_CLAUDE_CODE = Tool(
    key="claude-code",
    name="Claude Code",
    identifier="email",
    consent_class="door",
    freshness="The figures come within about an hour and may still change.",
    fields=(
        Field("sessions", "sessions", "How often you started a session."),
        Field("tokens_in_uncached", "tokens in", "Pieces of text sent to the model, without those from its cache."),
        Field("tokens_cache_read", "tokens read from cache", "Pieces of text the model took from its cache."),
        Field("tokens_cache_write", "tokens written to cache", "Pieces of text the model put into its cache."),
        Field("tokens_out", "tokens out", "Pieces of text the model wrote."),
        Field("suggestions_accepted", "edits you accepted", "Proposed edits that you took over."),
        Field("suggestions_rejected", "edits you rejected", "Proposed edits that you turned down."),
    ),
    example=MappingProxyType(
        {
            "day": "2026-11-16",
            "surface": "cli",
            "sessions": 4,
            "tokens_in_uncached": 21_840,
            "tokens_cache_read": 310_402,
            "tokens_cache_write": 18_117,
            "tokens_out": 9_655,
            "suggestions_accepted": 17,
            "suggestions_rejected": 3,
        }
    ),
    left_out=("lines of code", "commits and pull requests", "cost", "models", "the terminal you use"),
)

_COPILOT = Tool(
    key="copilot",
    name="GitHub Copilot",
    identifier="github_login",
    consent_class="door",
    freshness="The figures may still change for three days.",
    fields=(
        Field("prompts", "prompts you sent", "Questions and requests that you sent; editor and command line apart."),
        Field("suggestions_shown", "suggestions shown", "Pieces of code that Copilot proposed or wrote."),
        Field("suggestions_accepted", "suggestions you accepted", "Pieces of code that you took over."),
        Field("sessions", "sessions", "How often you started Copilot on the command line."),
        Field("requests", "requests to the model", "Calls to the model made from the command line."),
        Field("tokens_out", "tokens out", "Pieces of text the model wrote on the command line."),
        Field("active", "used that day", "Whether you used chat, the agent or the command line that day."),
        Field("credits", "credits", "AI credits of that day on all surfaces, kept with the editor's figures."),
        Field("credit_unit", "kind of credits", "The name GitHub gives these credits."),
    ),
    example=MappingProxyType(
        {
            "day": "2026-11-16",
            "surface": "ide",
            "prompts": 12,
            "suggestions_shown": 48,
            "suggestions_accepted": 19,
            "credits": 6.25,
            "credit_unit": "AI credits",
        }
    ),
    left_out=(
        "lines of code",
        "GitHub's adoption phase",
        "languages, editors and models",
        "tokens in (GitHub does not say whether cached ones are among them)",
        "your GitHub user number",
    ),
    credit_unit="AI credits",
)

_CURSOR = Tool(
    key="cursor",
    name="Cursor",
    identifier="email",
    consent_class="door",
    freshness="The figures are counted by the hour and may still change that day.",
    fields=(
        Field("requests", "requests", "Requests in chat, and in the agent together with Composer."),
        Field("prompts", "inline edits", "How often you asked for an edit with Cmd+K or Ctrl+K."),
        Field("suggestions_shown", "completions shown", "Tab completions shown to you."),
        Field("suggestions_accepted", "completions you accepted", "Tab completions that you took over."),
        Field("active", "used that day", "Whether Cursor saw any use that day."),
    ),
    example=MappingProxyType(
        {
            "day": "2026-11-16",
            "surface": "ide",
            "prompts": 5,
            "suggestions_shown": 140,
            "suggestions_accepted": 61,
            "active": True,
        }
    ),
    left_out=(
        "lines of code",
        "how requests are paid for",
        "file types and models",
        "your editor's version",
        "changes applied, accepted and rejected (Cursor does not say whether completions are among them)",
        "Bugbot reviews",
    ),
)

_CHATGPT = Tool(
    key="chatgpt",
    name="ChatGPT",
    identifier="email",
    consent_class="door",
    freshness="The figures come with the weekly report that your company exports.",
    fields=(
        Field("prompts", "messages you sent", "How many messages you sent; never what was in them."),
        Field("active", "used", "Whether you used ChatGPT in that time."),
        Field("credits", "credits", "Credits counted for you in that time."),
        Field("credit_unit", "kind of credits", "The name of these credits."),
    ),
    example=MappingProxyType({"day": "2026-11-16", "surface": "chat", "prompts": 34, "active": True}),
    left_out=("your messages and files", "titles of conversations", "the GPTs and models you use", "cost"),
    credit_unit="credits",
)

TOOLS: Mapping[str, Tool] = MappingProxyType({tool.key: tool for tool in (_CLAUDE_CODE, _COPILOT, _CURSOR, _CHATGPT)})

# Which kind of identity each tool's rows carry.
IDENTIFIERS: Mapping[str, str] = MappingProxyType({key: tool.identifier for key, tool in TOOLS.items()})
