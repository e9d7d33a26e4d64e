"""Deleting everything held about a person, in the database and in Slack."""

from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine

from bot.weeks import iso_week, local_day
from storage import deletions, held
from storage.database import SessionFactory, scrub
from storage.tables import Person, SlackDeletion

log = structlog.get_logger("candor.held")

BATCH = 50
RETRY = timedelta(minutes=5)
# What Slack answers when there is nothing left to delete, or nothing that we ever could.
GONE = {"message_not_found", "file_not_found", "file_deleted", "channel_not_found", "cant_delete_message"}


def erase_all(sessions: SessionFactory, person: Person, now: datetime) -> bool:
    """Delete everything held about the person from the database; what Slack has is queued for `delete_in_slack`.

    Returns whether the bytes are gone from the disk too: False when another connection's open read kept SQLite's
    write-ahead log alive, which the next tick empties. Always True on PostgreSQL, whose log cannot be scrubbed.
    """
    with sessions.begin() as session:
        held.erase(session, person.id, open_week=iso_week(local_day(now, person.tz)), now=now)
    return scrub(_engine(sessions), patience=2)


def _engine(sessions: SessionFactory) -> Engine:
    engine: Engine = sessions.kw["bind"]
    return engine


def delete_in_slack(sessions: SessionFactory, client: WebClient, now: datetime) -> int:
    """Delete the queued messages and files in Slack; returns how many are still to be deleted.

    What Slack refuses for now stays queued and is tried again after 5 minutes.
    """
    with sessions.begin() as session:
        due = deletions.due(session, now, BATCH)
    left = 0
    for item in due:
        gone = _delete(client, item)
        with sessions.begin() as session:
            if gone:
                deletions.done(session, item)
            else:
                deletions.postpone(session, item, now + RETRY)
                left += 1
    return left


def _delete(client: WebClient, item: SlackDeletion) -> bool:
    try:
        if item.kind == "file":
            client.files_delete(file=item.ref)
        else:
            client.chat_delete(channel=item.channel or "", ts=item.ref)
    except SlackApiError as error:
        code = error.response["error"] if isinstance(error.response.data, dict) else "no answer"
        if code not in GONE:
            log.warning("not deleted in Slack yet", deletion=item.id, kind=item.kind, error=code)
        return code in GONE
    except OSError as error:
        log.warning("Slack could not be reached to delete", deletion=item.id, error=type(error).__name__)
        return False
    return True
