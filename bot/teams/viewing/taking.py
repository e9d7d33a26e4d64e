"""Taking a summary away as a file, which is deleted in Slack when its reader loses the team, or when its time is up."""

from datetime import datetime

from slack_sdk import WebClient

from bot.files import hand_out
from bot.teams.summary import Summary
from bot.teams.viewing.looking import Look, forget_if_lost
from bot.teams.viewing.table import as_csv, name_of
from storage import deletions
from storage.database import SessionFactory

TEXT = (
    "The team summary that you asked for, as a file. It holds what the summary shows and nothing more: averages of "
    "what people chose to report. They are not a measure of performance, neither of the team nor of anybody in it. "
    "That you downloaded it is in the ledger now, where everybody who counts in it can read it."
)


def hand_over(client: WebClient, sessions: SessionFactory, wanted: Look, summary: Summary, now: datetime) -> None:
    """Send the file; raises what `WebClient` raises or `OSError` when Slack does not take it."""
    taken: list[str] = []
    kind = deletions.HR_FILE if wanted.target.as_hr else deletions.SUMMARY_FILE

    def remember(file: str) -> None:
        taken.append(file)
        with sessions.begin() as session:
            deletions.note_sent(session, wanted.who, kind, None, file, now)

    hand_out(client, wanted.who, TEXT, {name_of(summary): as_csv(summary)}, remember)
    forget_if_lost(sessions, wanted, kind, taken, now)
