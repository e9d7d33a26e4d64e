"""What is held, on screen; and what goes when a person opts out."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from bot.blocks import (
    Block,
    View,
    actions,
    bullets,
    button,
    context,
    divider,
    header,
    modal,
    notice,
    plain,
    plain_section,
    section,
)
from bot.edge import ref
from bot.errors import HELD_BEFORE
from bot.policy.kept.standing import Standing, standing_words
from bot.policy.terms import in_words

PAGE = 60
TABLES = {
    "person": "Who you are to Candor",
    "consent": "Your consent",
    "consent_tool": "Tools you chose",
    "identity": "Names we match you by",
    "preference": "When your message comes",
    "check_in": "Your check-ins",
    "usage_day": "Usage days",
    "cohort": "Teams in whose summaries you count, and in all above them, by season",
    "delivery": "Messages owed or sent",
    "sent_item": "Messages and files in Slack that hold figures or summaries, and summaries opened in the Home tab",
    "policy_version": "Policy versions you published: this stays on record",
    "policy_draft": "Policy drafts you proposed or confirmed: this stays until they are published or discarded",
    "wave": "Pulses you opened: this stays on record",
    "clause_reply": "Replies to a pulse that you wrote as HR: this stays on record",
    "summary_viewer": "The team whose summary you were to see as its manager: this stays on record",
    "ledger_entry": "What the ledger says that you opened, downloaded or did: this stays on record",
}
CLOSED = "What was opened in this tab is closed. Go to another tab and open this one again to see it as it is now."
ON_THEIR_WAY = "Your files are on their way into Candor's direct message."
NO_FILES = f"You have not opted in, so there are no files to download. {HELD_BEFORE} Type `held` to see it."
_INTO_THE_DM = {
    "title": plain("Into your DM"),
    "text": plain(
        "The files hold all your figures. They come as a direct message, which owners of this workspace may be able "
        "to export. Opting out deletes them."
    ),
    "confirm": plain("Send them"),
    "deny": plain("Not now"),
}
_AGAIN = "You can start again afterwards by opting in anew."
GOES = (
    "*This goes, at once:* your consent and receipt, the addresses you are matched by, all usage, all check-ins, in "
    "which team summaries you count, your settings, and Candor's messages and files in Slack that hold your figures.",
    "*This stays:* your Slack id, whether your account is in use, time zone, team, whether you manage a team, whether "
    "you want invitations, and the newest pulse that you were to be invited to and reminded of, as before you opted "
    "in. Until this week ends, a key without figures that stops a second message. If you are HR: which policy versions "
    "you proposed, confirmed or published, which pulses you opened and which replies to them you wrote, and when. If "
    "you manage a team or are HR: which team's summary you may open, whether you want the message about it, and in the "
    "ledger when you opened or downloaded one.",
    "*Invitations to a pulse still come:* everybody gets them, opted in or not. Candor's Home tab has the button that "
    "ends them.",
)


def page(person_id: str, rows: Sequence[tuple[str, str]], number: int, stand: Standing | None) -> View:
    """One page of everything held, as (table, row), `PAGE` rows each, counted from 0, and on the first one the terms
    that bind it; `stand` is None for somebody who is not opted in."""
    pages = max(1, -(-len(rows) // PAGE))
    number = max(0, min(number, pages - 1))
    shown = rows[number * PAGE : (number + 1) * PAGE]
    counted = "1 row" if len(rows) == 1 else f"{len(rows):,} rows"
    blocks: list[Block] = [
        section(f"Every row held about you: {counted}, page {number + 1} of {pages}. Only you can open this."),
        *(_bound(stand) if stand and number == 0 else ()),
        *_by_table(shown),
        divider(),
    ]
    if stand is None:
        blocks.append(context("You have not opted in, so there are no files to download: all that is held is here."))
    buttons = [*_turns(person_id, number, pages), *([_download(person_id)] if stand else [])]
    return modal("held.closed", "What we hold", [*blocks, *([actions(*buttons)] if buttons else [])])


def _download(person_id: str) -> Block:
    return button("Download as JSON and CSV", "held.export", ref(person_id), confirm=_INTO_THE_DM)


def _bound(stand: Standing) -> list[Block]:
    """Which terms hold for what is held: in the words of its kinds."""
    weeks = stand.terms.retention_weeks
    tools = in_words("tools", tuple(stand.terms.tools))
    return [
        section(
            f"*The terms that bind it.* {standing_words(stand)} Usage of {tools} goes after {weeks.usage} weeks, "
            f"check-ins after {weeks.check_ins}, messages with figures after {weeks.messages}."
        )
    ]


def _by_table(rows: Sequence[tuple[str, str]]) -> list[Block]:
    blocks: list[Block] = []
    for table, group in groupby(rows, key=itemgetter(0)):
        blocks += [section(f"*{TABLES.get(table, table)}*"), bullets(row for _, row in group)]
    return blocks


def _turns(person_id: str, number: int, pages: int) -> list[Block]:
    turns = []
    if number > 0:
        turns.append(button("Page before", "held.page.before", ref(person_id, str(number - 1))))
    if number + 1 < pages:
        turns.append(button("Next page", "held.page.next", ref(person_id, str(number + 1))))
    return turns


def confirm(person_id: str, word: str, backup_days: int) -> View:
    """The one confirmation before everything is deleted; `word` is "stop" or "erase"."""
    title = "Opt out" if word == "stop" else "Erase"
    blocks = [*(section(text) for text in GOES), section(unreachable(backup_days)), *_afterwards(word)]
    return modal("held.erase", title, blocks, submit="Delete it all", close="Keep it", metadata=ref(person_id, word))


def confirm_blocks(person_id: str, word: str, backup_days: int) -> list[Block]:
    """The same confirmation as a message, for those who typed the word."""
    return [
        header("Opt out" if word == "stop" else "Erase"),
        *(section(text) for text in GOES),
        section(unreachable(backup_days)),
        *_afterwards(word),
        actions(button("Delete it all", "held.erase_now", ref(person_id, word), style="danger")),
        context("Do nothing to keep everything as it is."),
    ]


def confirm_text(word: str, backup_days: int) -> str:
    """What `confirm_blocks` says, for who has it read out."""
    title = "Opt out" if word == "stop" else "Erase"
    said = [text.replace("*", "") for text in (*GOES, unreachable(backup_days))]
    again = [_AGAIN] if word == "erase" else []
    confirming = "To confirm, press the button “Delete it all” that follows. Do nothing to keep everything as it is."
    return "\n".join([f"{title}: nothing is deleted yet.", *said, *again, confirming])


def _afterwards(word: str) -> list[Block]:
    if word == "erase":
        return [plain_section(_AGAIN)]
    return []


def unreachable(backup_days: int) -> str:
    """What deleting cannot reach."""
    return (
        "*What we cannot reach:* archives and exports that Slack or your workspace's owners have made; our own "
        f"backups, which are overwritten within {backup_days} days; company-wide counts and team summaries already "
        "published, which name nobody."
    )


def remaining(person_id: str) -> list[Block]:
    """For somebody who is no longer a member: what is still held, and the way to delete it."""
    return [
        section("Collection has ended. What was held when you were a member is still here; you can see and delete it."),
        actions(
            button("What we hold about me", "held.open", ref(person_id)),
            button("Opt out", "held.stop", ref(person_id, "stop"), style="danger"),
        ),
    ]


def closed_home() -> View:
    """In the place of a Home tab in which something was opened that must not stand there any more."""
    return {"type": "home", "blocks": [header("Candor"), section(CLOSED)]}


def erasing() -> View:
    return notice("Deleting", "Deleting everything held about you. This takes a moment.")


def erased(on_disk: bool, left_in_slack: int, backup_days: int) -> View:
    """What was done, and what was not."""
    return notice("Deleted", *erased_lines(on_disk, left_in_slack, backup_days))


def erased_lines(on_disk: bool, left_in_slack: int, backup_days: int) -> list[str]:
    done = "*Collection has ended and everything held about you is deleted.*"
    if not on_disk:
        done = (
            "*Collection has ended and everything held about you is deleted from the tables.* Traces may stay in the "
            "database's log file for some minutes, until another reader has finished; then they are wiped too."
        )
    slack = "Candor's messages and files with your figures are deleted in Slack."
    if left_in_slack:
        slack = f"Slack has not yet deleted {left_in_slack} of Candor's messages or files; we keep asking until it has."
    return [done, slack, unreachable(backup_days)]
