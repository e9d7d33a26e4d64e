"""Opting in, in words for somebody who distrusts it."""

from collections.abc import Sequence

from bot.blocks import (
    Block,
    View,
    actions,
    button,
    checkboxes,
    context,
    divider,
    escape,
    header,
    input_block,
    lines,
    modal,
    notice,
    section,
)
from bot.edge import ref
from bot.usage.catalogue import ALWAYS, SURFACES, TOOLS, Tool
from bot.weeks import day_words
from storage.consents import ConsentRecord
from storage.tables import PolicyVersion

PROMISE = (
    "*Candor shows you your own AI use beside what you say it was worth.* One private message a week, only to you.",
    "*It shows your figures only to you.* No manager, HR or administrator of Candor has a page, report or command that "
    "shows one person's figures.",
    "*Nothing is collected unless you opt in.* You choose the tools; you can leave in one step, and then all of it is "
    "deleted.",
    "*It is not a score.* No ranking, no target, no comparison with anybody.",
    "*What we cannot rule out:* the owners of this Slack workspace may be able to export direct messages, and whoever "
    "runs the server could read its database.",
)
CHANGE = "change"
EXPORT_CAVEAT = (
    "Owners of this Slack workspace may be able to export direct messages. Tick this, and Candor's message holds only "
    "a button; your figures open behind it."
)
NO_EMAIL = (
    "Your Slack profile has no email address, so no tool can be matched to you. You can opt in without tools and use "
    "check-ins only."
)


def promise() -> list[Block]:
    """What this is, in five lines."""
    return [section(line) for line in PROMISE]


def invitation_buttons(person_id: str) -> Block:
    mine = ref(person_id)
    return actions(
        button("Opt in", "consent.open", mine, style="primary"),
        button("See exactly what would be collected", "consent.collected", mine),
        button("Read the policy", "policy.read", mine),
    )


def collected(tools: Sequence[str]) -> View:
    """Every field per tool with a real example row, and what is left out."""
    blocks: list[Block] = [
        section("Only for tools you choose, only for you. One row for each day and place of use, with these fields:")
    ]
    for key in tools:
        blocks += _tool(TOOLS[key])
    blocks += [
        header("From you"),
        section(
            "Each week, if you like: hours saved, hours lost to rework, what it helped with, and a line of your own."
        ),
    ]
    return modal("consent.collected_closed", "What is collected", blocks)


def _tool(tool: Tool) -> list[Block]:
    rows = [f"• *{item.label}*: {item.explanation}" for item in (*ALWAYS, *tool.fields)]
    example = "\n".join(f"{_column(tool, column)}: {_shown(column, value)}" for column, value in tool.example.items())
    return [
        header(tool.name),
        *lines(rows),
        section(f"An example row (kept with your Slack id, the tool and the number of the import):\n```{example}```"),
        context(f"Never read from it: {', '.join(tool.left_out)}. {_reach(tool)}"),
        divider(),
    ]


def _shown(column: str, value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column == "surface":
        return SURFACES[str(value)]
    return f"{value:,}" if isinstance(value, int) else str(value)


def _column(tool: Tool, column: str) -> str:
    labels: dict[str, str] = {item.column: item.label for item in (*ALWAYS, *tool.fields)}
    return labels.get(column, column.replace("_", " "))


def _reach(tool: Tool) -> str:
    if tool.consent_class == "filtered":
        return "We ask the tool for people who opted in only."
    return "The tool's file covers everybody; rows of people who did not opt in are dropped before anything is stored."


def form(person_id: str, policy: PolicyVersion, email: str | None, held: ConsentRecord | None) -> View:
    """The opt-in modal, or the same form to change what was agreed to."""
    tools = [(key, TOOLS[key].name) for key in policy.terms["tools"] if key in TOOLS]
    sealed = held is not None and not held.consent.figures_in_dm
    blocks: list[Block] = [section(_agreement(policy))]
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
    title, submit = ("Change consent", "Save") if held else ("Opt in", "Opt in")
    metadata = ref(person_id, CHANGE if held else "")
    return modal("consent.submit", title, blocks, submit=submit, close="Cancel", metadata=metadata)


def _agreement(policy: PolicyVersion) -> str:
    return (
        f"You agree to *{escape(policy.title)}*, version {policy.number}, in force since "
        f"{day_words(policy.effective)} {policy.effective.year} (fingerprint `{policy.hash[:12]}`). It costs nothing "
        "and leaving costs nothing; your company promises that neither has a consequence."
    )


def saved() -> View:
    """What the modal turns into once a changed consent is stored."""
    return notice(
        "Saved",
        "*Saved.* Usage of tools you no longer ticked is deleted. Messages you already got keep what they showed; "
        "“Erase and start again” deletes those too.",
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
