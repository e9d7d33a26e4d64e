"""The digest as Block Kit: one message, or a button and a modal for those who keep figures out of messages."""

from collections.abc import Mapping
from datetime import date

from bot.blocks import (
    Block,
    View,
    actions,
    as_typed,
    button,
    context,
    divider,
    header,
    lines,
    modal,
    section,
)
from bot.checkin.bands import REWORK, SAVED
from bot.delivery import Message
from bot.digest import words
from bot.digest.charts import charts
from bot.digest.digest import Digest, Reported, ToolWeek
from bot.edge import ref
from bot.teams.belonging.words import OPEN
from bot.usage.catalogue import TOOLS
from bot.weeks import arrival, week_words

EXPORTABLE = (
    "Owners of this Slack workspace may be able to export it; Settings can keep your figures behind a button instead."
)


def message(digest: Digest) -> Message:
    """The weekly DM."""
    blocks = _open(digest) if digest.figures_in_dm else _sealed(digest)
    return Message(text=words.spoken(digest), blocks=blocks, holds_figures=digest.figures_in_dm)


def _open(digest: Digest) -> list[Block]:
    return [
        header(words.title(digest)),
        context(f"{words.ONLY_YOU} {words.COVERS}"),
        *(_tool(tool, digest) for tool in digest.tools),
        divider(),
        *_reported(digest),
        *_estimate(digest),
        *charts(digest),
        *_summaries(digest),
        _buttons(digest),
        context(f"{_comes(digest)} {EXPORTABLE} Type `stop` to leave."),
    ]


def _estimate(digest: Digest) -> list[Block]:
    return [context(words.ESTIMATE)] if digest.check_ins else []


def _summaries(digest: Digest) -> list[Block]:
    said = words.summaries(digest)
    return [context(said)] if said else []


def _comes(digest: Digest) -> str:
    return f"Comes {arrival(digest.weekday, digest.hour)}, once a week."


def _sealed(digest: Digest) -> list[Block]:
    opener = button("Open my week", "digest.open", ref(digest.person_id, str(digest.week)), style="primary")
    return [
        header(words.title(digest)),
        section("Your figures are not in this message, as you asked. The button opens them for you alone."),
        actions(opener),
        context(f"{_comes(digest)} Type `stop` to leave."),
    ]


def _tool(tool: ToolWeek, digest: Digest) -> Block:
    name, _, fresh = words.tool_title(tool, digest).partition(", ")
    title = f"*{name}* · {fresh}" if fresh else f"*{name}*"
    text = "\n".join([title, *words.tool_lines(tool, digest)])
    return section(text, _wrong(digest.person_id, tool.tool))


def _wrong(person_id: str, subject: str) -> Block:
    return button("This looks wrong", "digest.wrong", ref(person_id, subject))


def _reported(digest: Digest) -> list[Block]:
    subject = ref(digest.person_id, str(digest.week))
    if digest.reported:
        text = "\n".join(["*What you reported*", *words.reported_lines(digest.reported)])
        correct = None if digest.closed else button("Correct it", "checkin.open", subject)
        return [section(text, correct), *([as_typed(digest.reported.note)] if digest.reported.note else [])]
    if digest.closed:
        return [section("*What you reported*\nNothing for this week, and that is fine.")]
    text = f"*What you reported*\nNothing yet. It takes under 20 seconds. {words.seen_by(digest)}"
    return [section(text, button("Report this week", "checkin.open", subject, style="primary"))]


def _buttons(digest: Digest) -> Block:
    mine = ref(digest.person_id)
    may_look = digest.membership is not None and digest.membership.may_look
    return actions(
        button("Settings", "digest.settings", mine),
        button("Skip the next one", "digest.skip", mine),
        button("What we hold about me", "held.open", mine),
        *([button(OPEN, "belonging.open", mine)] if may_look else []),
    )


def in_modal(digest: Digest) -> View:
    """The same figures as text rows, for those who keep them out of messages (Slack shows no chart in a modal)."""
    blocks = [context(f"Only you can open this. {words.COVERS}")]
    blocks += [_tool(tool, digest) for tool in digest.tools]
    blocks += [divider(), *_reported(digest), *_estimate(digest), divider(), *_history(digest), *_summaries(digest)]
    return modal("digest.closed", "Your week", [header(words.title(digest)), *blocks])


def _history(digest: Digest) -> list[Block]:
    rows = [f"*{TOOLS[tool].name}*: {_days(days)}" for tool, days in sorted(digest.active_days.items())]
    rows += [_hours(check_in) for check_in in digest.check_ins]
    return lines(["*The last 8 weeks*", *rows]) if rows else []


def _days(days: Mapping[date, int]) -> str:
    return ", ".join(f"{week_words(week)} {count} days" for week, count in sorted(days.items()))


def _hours(check_in: Reported) -> str:
    saved, rework = SAVED[check_in.saved].words, REWORK[check_in.rework].words
    return f"{week_words(check_in.week)}: saved {saved}, lost to rework {rework}"
