"""Opting in, in words for somebody who distrusts it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import (
    Block,
    View,
    actions,
    button,
    checkboxes,
    escape,
    input_block,
    lines,
    modal,
    notice,
    section,
)
from bot.consent.offer import Offer
from bot.edge import ref
from bot.policy.bounds import LOOSER
from bot.policy.publishing.words import date_words, of_direction
from bot.teams.belonging.words import agreement
from bot.usage.catalogue import TOOLS
from bot.weeks import day_words
from storage.consents import ConsentRecord

PROMISE = (
    "*Candor shows you your own AI use beside what you say it was worth.* One private message a week, only to you.",
    "*It shows your figures only to you.* No manager, HR or administrator of Candor has a page, report or command that "
    "shows one person's figures.",
    "*Nothing is collected unless you opt in.* You choose the tools; you can leave in one step, and then all of it is "
    "deleted.",
    "*What you report may count in team summaries,* as far as the policy has them: rounded averages without names or "
    "usage, never of a few people. You can stay out of them and keep all the rest.",
    "*It is not a score.* No ranking, no target, no comparison with anybody.",
    "*What we cannot rule out:* the owners of this Slack workspace may be able to export direct messages, and whoever "
    "runs the server could read its database.",
)
EXPORT_CAVEAT = (
    "Owners of this Slack workspace may be able to export direct messages. Tick this, and Candor's message holds only "
    "a button; your figures open behind it."
)
NO_EMAIL = (
    "Your Slack profile has no email address, so no tool can be matched to you. You can opt in without tools and use "
    "check-ins only."
)


@dataclass(frozen=True)
class Seen:
    """What a form carries of itself: the version whose words it showed, and whether it changes a consent."""

    version: int
    change: bool

    def subject(self) -> str:
        return f"{self.version}{_CHANGE if self.change else ''}"

    @classmethod
    def parse(cls, subject: str) -> "Seen":
        """The form's own subject back; one that names no version is of version 0, which there never is."""
        number = subject.removesuffix(_CHANGE)
        return cls(int(number) if number.isdecimal() else 0, subject.endswith(_CHANGE))


_CHANGE = " change"
# What the button of a notice carries: whoever presses it has come to agree.
AGREE = "agree"


def promise() -> list[Block]:
    """What this is, in six lines."""
    return [section(line) for line in PROMISE]


def invitation_buttons(person_id: str) -> Block:
    mine = ref(person_id)
    return actions(
        button("Opt in", "consent.open", mine, style="primary"),
        button("See exactly what would be collected", "consent.collected", mine),
        button("Read the policy", "policy.read", mine),
    )


def form(
    person_id: str, offered: Offer, email: str | None, held: ConsentRecord | None, *, agreeing: bool = False
) -> View:
    """The opt-in modal, or the same form to change what was agreed to: then it says first what becomes looser by it.

    Where something does, the form stays with the older version unless the person unticks that, or came by `agreeing`.
    """
    tools = [(key, TOOLS[key].name) for key in offered.terms.tools]
    sealed = held is not None and not held.consent.figures_in_dm
    blocks: list[Block] = [section(_agreement(offered)), *_anew(offered), section(agreement(offered.terms))]
    if email:
        blocks += [
            section(
                f"We will look for *{escape(email)}* in the files of the tools you tick, from this week's Monday on. "
                "It is your Slack profile's address, read just now, for you alone. Copilot knows people by GitHub "
                "login, so for it your company's sign-in directory tells us the login of this address."
            ),
            input_block(
                "tools",
                "Tools",
                checkboxes(tools, held.tools if held else ()),
                optional=True,
                hint="None is fine: then there is only your own check-in.",
            ),
        ]
    else:
        blocks.append(section(NO_EMAIL))
    blocks += [
        section(EXPORT_CAVEAT),
        input_block(
            "private",
            "Direct messages",
            checkboxes([("yes", "Keep figures out of DMs")], ["yes"] if sealed else ()),
            optional=True,
        ),
    ]
    if offered.loosens:
        blocks.append(_staying(offered, agreeing))
    title, submit = ("Change consent", "Save") if held else ("Opt in", "Opt in")
    metadata = ref(person_id, Seen(offered.policy.number, held is not None).subject())
    return modal("consent.submit", title, blocks, submit=submit, close="Cancel", metadata=metadata)


def _agreement(offered: Offer) -> str:
    policy = offered.policy
    when = f"{'in force since' if offered.in_force else 'which takes effect on'} {date_words(policy.in_force_from)}"
    until = "" if offered.in_force else " Until then the stricter of it and the version in force holds for you."
    return (
        f"You agree to *{escape(policy.title)}*, version {policy.number}, {when} (fingerprint "
        f"`{policy.hash[:12]}`).{until} It costs nothing and leaving costs nothing; your company promises that neither "
        "has a consequence."
    )


def _anew(offered: Offer) -> list[Block]:
    """What somebody who agreed to another version before has to know before they agree to this one."""
    if not offered.is_newer:
        return []
    policy = offered.policy
    before = f"You agreed to version {offered.agreed} before."
    looser = of_direction(offered.changes, *LOOSER)
    if not looser:
        agree = f"*To save this form is to agree to version {policy.number}.* Nothing becomes looser for you by that."
        return [section(f"{before} {agree}")]
    now = "This would be looser for you, also for what is held already:"
    later = f"From {date_words(policy.in_force_from)} this would be looser for you, also for what is held by then:"
    return [
        section(f"{before} *Version {policy.number} is looser.* {now if offered.in_force else later}"),
        *lines(f"• {escape(row)}" for row in looser),
    ]


def _staying(offered: Offer, agreeing: bool) -> Block:
    words = f"Stay with version {offered.agreed}: my stricter terms go on to hold"
    boxes = checkboxes([("yes", words)], [] if agreeing else ["yes"])
    hint = f"Untick this to agree to version {offered.policy.number}."
    return input_block("stay", "Which version", boxes, optional=True, hint=hint)


def saved(version: int, *, stays: bool = False) -> View:
    """What the modal turns into once a changed consent is stored: to this version, or with all as it was agreed to."""
    agreed = (
        "You stay with the version you agreed to." if stays else f"You have agreed to version {version} of the policy."
    )
    return notice(
        "Saved",
        f"*Saved.* {agreed} Usage of tools you no longer ticked is deleted. "
        "Messages you already got keep what they showed; “Erase and start again” deletes those too.",
    )


def done(person_id: str, arrival: str, first: str) -> View:
    """What the modal turns into once the consent is stored."""
    mine = ref(person_id)
    blocks = [
        section(
            f"*You are in.* Your first message comes {first}, if there is anything to tell by then; after that "
            f"{arrival}."
        ),
        section("You can stop at any time: type `stop` to Candor, or press Opt out in its Home tab."),
        actions(
            button("Download my receipt", "consent.receipt", mine), button("Report last week", "checkin.newest", mine)
        ),
    ]
    return modal("consent.done", "You are in", blocks)


def agreed(held: ConsentRecord) -> str:
    """What a person agreed to, in two lines."""
    tools = ", ".join(TOOLS[key].name for key in held.tools) or "no tools, check-ins only"
    since = held.consent.granted_at.date()
    shown = "in the message" if held.consent.figures_in_dm else "behind a button, not in messages"
    return f"Agreed on {day_words(since)} {since.year}: {tools}. Figures are shown {shown}."


def unmatched_words(tools: Sequence[str]) -> str:
    names = ", ".join(TOOLS[key].name for key in tools)
    return f"{names}: cannot be matched to you yet, because your company has not told us your account there."
