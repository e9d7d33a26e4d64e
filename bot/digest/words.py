"""The digest in plain words: the same sentences in the message, in its modal and in the notification."""

from datetime import timedelta

from bot.blocks import escape
from bot.checkin.bands import HELPED, REWORK, SAVED, STUDY, net_words
from bot.digest.digest import Count, Digest, Reported, SurfaceWeek, ToolWeek
from bot.teams.belonging.words import in_digest, only_you
from bot.usage.catalogue import SURFACES, TOOLS
from bot.weeks import WEEK, day_words, week_words

ESTIMATE = (
    f"Your estimate, in bands. People misjudge this: {STUDY} Hours saved like these are not a return on investment."
)
ONLY_YOU = "Only you are sent this. Candor has no page, report or command that shows it to anybody else."
COVERS = "Usage is counted Monday to Sunday, in UTC days."


def title(digest: Digest) -> str:
    return f"Your week, {week_words(digest.week)}"


def tool_title(tool: ToolWeek, digest: Digest) -> str:
    """The tool's name, and how far its data reaches into the week."""
    name = TOOLS[tool.tool].name
    if not tool.surfaces or tool.through is None:
        return name
    through = min(tool.through, digest.week + timedelta(days=6))
    return f"{name}, data up to {day_words(through)}, may still change"


def tool_lines(tool: ToolWeek, digest: Digest) -> list[str]:
    """What one tool reported, a line a surface; or why there is nothing, which is never shown as zero."""
    if tool.surfaces:
        return [_surface(tool.tool, surface) for surface in tool.surfaces]
    if not tool.matched:
        return ["Cannot be matched to you yet: your company's identity provider has not told us your account there"]
    if tool.through is None or tool.through < digest.week:
        return ["No data for this week has reached us yet. That is not the same as zero"]
    if tool.through < digest.week + timedelta(days=6):
        return [f"Nothing reported for you up to {day_words(tool.through)}"]
    return ["Nothing reported for you this week"]


def _surface(tool: str, surface: SurfaceWeek) -> str:
    # Tokens last: they are many digits and say little.
    fields = sorted(TOOLS[tool].fields, key=lambda item: item.column.startswith("tokens"))
    parts = [
        f"{number(surface.counts[item.column])} {_label(item.label, item.column, surface)}"
        for item in fields
        if item.column in surface.counts
    ]
    # Beside counts, "used on 2 days" would say less than they do, and may be about less than they are.
    return f"{SURFACES[surface.surface]}: {' · '.join(parts) or _active(surface)}"


def _active(surface: SurfaceWeek) -> str:
    days = surface.active_days
    if days is None:
        return "reported, without counts"
    if days == 0:
        return "not used"
    if surface.weekly:
        return "used"
    return "used on 1 day" if days == 1 else f"used on {days} days"


def _label(label: str, column: str, surface: SurfaceWeek) -> str:
    return f"{label} ({surface.credit_unit})" if column == "credits" and surface.credit_unit else label


def number(value: Count) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value.normalize():,f}"


def reported_lines(reported: Reported) -> list[str]:
    """The check-in, a line an answer, without the person's own line."""
    saved, rework = SAVED[reported.saved], REWORK[reported.rework]
    helped = ", ".join(HELPED[code] for code in reported.helped)
    rows = [f"Saved: *{saved.words}*", f"Lost to rework: *{rework.words}*", f"Net: *{net_words(saved, rework)}*"]
    if helped:
        rows.append(f"Helped with: *{helped}*")
    return rows


def seen_by(digest: Digest) -> str:
    """Who sees what the person reports."""
    return only_you(may_count=digest.membership is not None and digest.membership.may_look)


def summaries(digest: Digest) -> str:
    """Which team summaries the person counts in, in the week in which the digest comes; "" while there are none."""
    return in_digest(digest.membership, digest.week + WEEK) if digest.membership else ""


def spoken(digest: Digest) -> str:
    """The message's top-level text: all that matters, read well alone (screen readers read only this)."""
    if not digest.figures_in_dm:
        return f"{title(digest)}, is ready. You asked to keep figures out of messages: open it with the button."
    tools = [f"{tool_title(tool, digest)}: {'; '.join(tool_lines(tool, digest))}." for tool in digest.tools]
    report = "You have not reported this week."
    if digest.reported:
        said = [line.replace("*", "") for line in reported_lines(digest.reported)]
        note = [f"Your line: {escape(digest.reported.note)}"] if digest.reported.note else []
        report = "You reported: " + "; ".join(said + note) + "."
    return " ".join(filter(None, [f"{title(digest)}.", *tools, report, COVERS, summaries(digest)]))[:3900]
