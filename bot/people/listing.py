"""Every account of the workspace, page by page."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.people.slack_user import SlackUser

PAGE = 200
PATIENCE = 10
LONGEST_WAIT = 120.0

Sleep = Callable[[float], None]
Progress = Callable[[int], None]


def list_users(
    client: WebClient,
    *,
    workspace_id: str | None = None,
    progress: Progress | None = None,
    sleep: Sleep = time.sleep,
) -> dict[str, SlackUser]:
    """All accounts by id, guests and bots too. `progress` gets the number of accounts read so far.

    When Slack says "too many requests" it waits as long as Slack asks, at most 10 times a page and 120 seconds each;
    then, and on every other failure, `SlackApiError` or the connection's own error is raised: half a list must
    never be taken for the whole.
    """
    found: dict[str, SlackUser] = {}
    for members in _pages(client, sleep):
        users = (SlackUser.parse(raw, workspace_id=workspace_id) for raw in members)
        found.update((user.id, user) for user in users)
        if progress:
            progress(len(found))
    return found


def _pages(client: WebClient, sleep: Sleep) -> Iterator[list[Any]]:
    cursor, waits = "", 0
    while True:
        try:
            page = client.users_list(limit=PAGE, cursor=cursor)
        except SlackApiError as error:
            waits += 1
            sleep(_wait(error, waits))
            continue
        waits = 0
        yield page.get("members") or []
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _wait(error: SlackApiError, waits: int) -> float:
    """The seconds that Slack asks to wait; raises `error` when waiting is no use or there were too many waits."""
    seconds = float(error.response.headers.get("Retry-After", 1)) if _is_rate_limit(error) else LONGEST_WAIT + 1
    if waits > PATIENCE or seconds > LONGEST_WAIT:
        raise error
    return seconds


def _is_rate_limit(error: SlackApiError) -> bool:
    return getattr(error.response, "status_code", None) == 429
