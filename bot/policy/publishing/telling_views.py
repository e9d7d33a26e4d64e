"""The announcement in the channel, and the one notice to each person who opted in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import Block, actions, bullets, button, context, escape, section
from bot.delivery import Message
from bot.edge import ANYONE, ref
from bot.policy.publishing.spoken import spoken
from bot.policy.publishing.words import date_words
from bot.weeks import day_words
from storage.tables import PolicyVersion

# So many lines on each side in a notice; the whole is one click away.
LINES = 8
# So many answered questions are named in a post or a notice.
ANSWERED = 5


@dataclass(frozen=True)
class News:
    """What one person is told: from the version they know to the newest one. `agreed` is the one that they opted in to;
    `why`, `stricter`, `looser`, `neutral` and `holding` are lines in words; `looser` is empty where they were asked
    before, and `holding` says what goes on holding for them; `named` is what happened to which clauses."""

    person_id: str
    newest: PolicyVersion
    agreed: int
    known: int
    in_force: bool
    why: Sequence[str]
    stricter: Sequence[str]
    looser: Sequence[str]
    neutral: Sequence[str]
    holding: Sequence[str]
    named: Sequence[str] = ()


def announcement(
    version: PolicyVersion, in_force: bool, answered: Sequence[str] = (), named: Sequence[str] = ()
) -> Message:
    """The post to the channel: what changed and why in at most five lines; the difference is one click away."""
    lead = f"*{escape(version.title)}: version {version.number}* {_when(version, in_force)}"
    blocks = [section(lead)]
    if version.changes:
        blocks += [section("What changed, and why:"), bullets(version.changes)]
    if named:
        blocks += [section("What happened to the text, as the program compares it:"), bullets(named)]
    if answered:
        blocks += [section("Asked, and answered:"), bullets(_few(answered))]
    buttons = [button("Read the policy", "policy.read", ref(ANYONE, str(version.number)))]
    if version.number > 1:
        pair = f"{version.number - 1}-{version.number}"
        buttons.insert(0, button("See the difference", "policy.changed", ref(ANYONE, pair)))
    blocks += [actions(*buttons), context(_rule(version), _fingerprint(version))]
    return Message(spoken(blocks), blocks)


def _when(version: PolicyVersion, in_force: bool) -> str:
    verb = "is in force since" if in_force else "takes effect on"
    return f"{verb} {date_words(version.in_force_from)}."


def _rule(version: PolicyVersion) -> str:
    if version.number == 1:
        return "Nothing is collected of anybody who does not opt in."
    return (
        "Whoever opted in is told once, in private. Stricter terms hold for everybody; looser ones for nobody who does "
        "not agree to them."
    )


def _fingerprint(version: PolicyVersion) -> str:
    return f"Fingerprint (SHA-256) `{version.hash[:12]}`, chain `{version.chain[:12]}`"


def notice(news: News, answered: Sequence[str] = ()) -> Message:
    """The one notice that a person gets of everything published since the version they know."""
    version = news.newest
    lead = f"*The policy you opted in to has a new version.* Version {version.number} {_when(version, news.in_force)}"
    blocks = [section(lead)]
    for title, rows in _parts(news, answered):
        blocks += [section(f"*{title}*"), bullets(_first(rows))] if rows else []
    closing = _closing(news)
    blocks += [section(closing), actions(*_buttons(news)), context("Nothing happens if you press none of these.")]
    return Message(spoken(blocks), blocks)


def _parts(news: News, answered: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    when = "at once" if news.in_force else f"from {date_words(news.newest.in_force_from)}"
    return [
        ("What changed, and why", news.why),
        ("What happened to the text, as the program compares it", news.named),
        (f"Stricter: holds for you {when}", news.stricter),
        ("Looser: does not apply to you unless you agree", news.looser),
        ("Goes on holding for you, whatever the new version says", news.holding),
        (f"Neither stricter nor looser: holds for everybody {when}", news.neutral),
        ("Asked, and answered", _few(answered)),
    ]


def _first(rows: Sequence[str]) -> list[str]:
    return (
        list(rows) if len(rows) <= LINES else [*rows[:LINES], f"… and {len(rows) - LINES} more, under “What changed”"]
    )


def _few(rows: Sequence[str]) -> list[str]:
    return list(rows) if len(rows) <= ANSWERED else [*rows[:ANSWERED], f"and {len(rows) - ANSWERED} more"]


def _closing(news: News) -> str:
    if news.looser:
        return f"You agreed to version {news.agreed}. Your stricter terms go on holding for you; you need do nothing."
    return "You stay opted in, and need do nothing."


def _buttons(news: News) -> list[Block]:
    mine, number = news.person_id, news.newest.number
    buttons = [
        button("I have read it", "policy.seen", ref(mine, str(number))),
        button("What changed", "policy.changed", ref(mine, f"{news.known}-{number}")),
        button("Read the policy", "policy.read", ref(mine, str(number))),
    ]
    if news.looser:
        buttons.append(button(f"Agree to version {number}", "consent.open", ref(mine, "agree")))
    return buttons


def without_button(blocks: Sequence[Block], action_id: str, said: str) -> list[Block]:
    """A message's blocks with this button turned into a line of text."""
    kept: list[Block] = []
    for block in blocks:
        if block.get("type") == "actions":
            elements = [each for each in block["elements"] if each.get("action_id") != action_id]
            kept += [block | {"elements": elements}] if elements else []
        else:
            kept.append(block)
    return [*kept, context(said)]


def seen_line(version: int, day: date) -> str:
    return (
        f"On {day_words(day)} you said that you have read version {version}. Nobody else sees that it was you: HR "
        "learns how many did, rounded, and never who."
    )
