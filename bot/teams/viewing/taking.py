"""Taking a summary away as a file, which is deleted in Slack when its reader loses the team, or when its time is up."""

from datetime import datetime

from slack_sdk import WebClient

from bot.files import hand_out
from bot.teams.rights import NoRight
from bot.teams.summary import Summary
from bot.teams.viewing.looking import Look, right_to
from bot.teams.viewing.table import as_csv
from storage import deletions
from storage.database import SessionFactory

NAME = "team-summary.csv"
TEXT = (
    "The team summary that you asked for, as a file. It holds what the summary shows and nothing more: averages of "
    "what people chose to report. They are not a measure of performance, neither of the team nor of anybody in it. "
    "That you took it is in the ledger, where everybody who counts in it can read it."
)


def hand_over(client: WebClient, sessions: SessionFactory, wanted: Look, summary: Summary, now: datetime) -> None:
    """Send the file; raises what `WebClient` raises or `OSError` when Slack does not take it."""
    taken: list[str] = []

    def remember(file: str) -> None:
        taken.append(file)
        with sessions.begin() as session:
            deletions.note_sent(session, wanted.who, deletions.SUMMARY_FILE, None, file, now)

    hand_out(client, wanted.who, TEXT, {NAME: as_csv(summary)}, remember)
    _forget_if_lost(sessions, wanted, taken, now)


def _forget_if_lost(sessions: SessionFactory, wanted: Look, taken: list[str], now: datetime) -> None:
    """Whoever lost the team meanwhile may have had the file deleted before it was there."""
    with sessions.begin() as session:
        try:
            right_to(session, wanted.who, wanted.target, now)
        except NoRight:
            for file in taken:
                deletions.queue(session, deletions.SUMMARY_FILE, None, file, now)
