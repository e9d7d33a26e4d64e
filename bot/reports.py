"""What commands print: counts and outcomes, never a person's figures."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

from bot.jobs import Tick
from bot.operators.restoring import Restored
from bot.operators.words import clock_time
from bot.people import directory_seasons
from bot.people.directory import DirectoryReport
from bot.people.roster import SyncSummary
from bot.schedule import Preview
from bot.troubles import Finding
from bot.usage.importing import ImportSummary

SHOWN = 50
OUTCOMES = {
    "kept": "Stored.",
    "nobody": "Nobody has opted in to a tool of this file that their terms name, so nothing was read.",
    "refused": "This is not a file of that source, so nothing was stored.",
    "strict": "Something was rejected, so nothing was stored (--strict).",
}

# What a database restored from a backup cannot know, whatever is done to it.
UNKNOWABLE = (
    "Whoever opted out since is opted in again, with all that was deleted then. There is no list of them: ask "
    "everybody, for instance where the invitation was posted, to type `stop` to Candor once more if they had left.",
    "Whoever opted in, paused or changed anything since has to do it again, and usage files are to be imported again.",
    "Messages that hold figures and were sent since are not known any more: they stay in Slack, also after an opt-out.",
    "The week of team summaries that is due now, and all before it, are not released any more: they may have been "
    "since, with other people in them. What was published since is gone; the next week's comes at its time.",
    "The ledger goes on from the backup's newest entry. Entries made since are lost, so a head that was posted since "
    "does not fit any more (candor ledger verify says so). The ledger has an entry of this, and the next weekly post "
    "says it.",
)


def show_findings(out: Console, findings: Sequence[Finding]) -> None:
    """A line a check, with its mend."""
    for finding in findings:
        out.print(
            f"[green]ok[/green]    {finding.name}: " if finding.well else f"[red]wrong[/red] {finding.name}: ", end=""
        )
        out.print(finding.said, markup=False)


def show_tick(out: Console, done: Tick) -> None:
    tally = done.tally
    out.print(
        f"planned {done.planned}, sent {tally.sent}, dropped {tally.dropped}, failed {tally.failed}, "
        f"unknown {tally.unknown}, postponed {tally.postponed}"
    )


def show_preview(out: Console, found: Preview, now: datetime) -> None:
    out.print(f"At {now:%Y-%m-%d %H:%M} UTC {found.due} digests would be planned; {found.waiting} wait to be sent.")
    out.print("Nothing was changed or sent.")


def show_sync(out: Console, summary: SyncSummary) -> None:
    out.print(
        f"{summary.read} accounts read: {summary.added} people added, {summary.changed} changed, {summary.returned} "
        f"returned, {summary.left} left. Not people of the company: {summary.guests} guests, {summary.bots} bots, "
        f"{summary.strangers} of other companies, {summary.deactivated} switched off."
    )
    if summary.unknown_zones:
        out.print(f"{summary.unknown_zones} have no time zone we know; UTC is used for them.")


def show_directory(out: Console, report: DirectoryReport, apply: bool) -> None:
    for refusal in report.refusals[:SHOWN]:
        out.print(f"refused, {refusal}", markup=False)
    for skipped in report.skipped[:SHOWN]:
        out.print(f"skipped, {skipped}", markup=False)
    if report.refusals:
        faults = "1 fault" if len(report.refusals) == 1 else f"{len(report.refusals)} faults"
        out.print(f"{faults}: nothing was changed. Mend the file and import it again.")
        return
    for name, teams in (("New", report.new_teams), ("Gone", report.vanished_teams)):
        if teams:
            out.print(f"{name} teams: {', '.join(teams)}", markup=False)
    for old, new in report.renamed_teams.items():
        out.print(f"Renamed: {old} → {new}", markup=False)
    for team, count in report.moved.items():
        out.print(f"{count} {'moves' if count == 1 else 'move'} to {team or 'no team'}", markup=False)
    out.print(
        f"{report.people} people placed; managers +{report.managers_added} −{report.managers_removed}; "
        f"{len(report.without_team)} lines without a team; {report.unlisted} members not in the file."
    )
    for line in directory_seasons.lines(report.summaries) if report.summaries else ():
        out.print(line, markup=False)
    out.print("Applied." if apply else "Nothing was changed. Run it again with --apply to take it over.")


def show_import(out: Console, summary: ImportSummary) -> None:
    for rejection in summary.rejected[:SHOWN]:
        out.print(f"rejected, {rejection}", markup=False)
    if summary.rejected_total > SHOWN:
        out.print(f"… and {summary.rejected_total - SHOWN} more")
    out.print(OUTCOMES[summary.outcome])
    if summary.unfinished:
        out.print(
            "The last page says that more follow: put all pages of a day into one import, the next one replaces it."
        )
    table = Table(show_header=False, box=None)
    for name, value in (
        ("rows read", f"{summary.read:,}"),
        ("dropped at the door (not agreed to)", f"{summary.dropped_not_consenting:,}"),
        ("rejected", f"{summary.rejected_total:,}"),
        ("kept", f"{summary.kept:,}"),
        ("days", f"{summary.data_from} to {summary.data_through}" if summary.data_through else "none"),
    ):
        table.add_row(name, value)
    out.print(table)
    if summary.unmatched:
        people = "1 person" if summary.unmatched == 1 else f"{summary.unmatched:,} people"
        out.print(f"{people} who opted in cannot be matched to this source yet: give --logins.")


def show_restored(out: Console, done: Restored) -> None:
    """Counts, and in words what nobody can know."""
    table = Table(show_header=False, box=None)
    for name, value in (
        ("people opted in", f"{done.opted_in:,}"),
        (f"digests marked as not to be sent ({', '.join(done.weeks) or 'no week'})", f"{done.ended.digests:,}"),
        ("waiting messages ended", f"{done.ended.waiting:,}"),
    ):
        table.add_row(name, value)
    out.print(table)
    out.print("Nobody gets a message twice; whoever had not got this week's yet goes without it. Next week's come.")
    newest = clock_time(done.newest) if done.newest else "unknown: no row says when it was written"
    out.print(f"The newest row this database has is of: {newest}. What came after it, it cannot know:")
    for words in UNKNOWABLE:
        out.print(f"- {words}", markup=False)
