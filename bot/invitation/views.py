"""The invitation HR posts to a channel, its preview, and the size of the programme."""

from bot.blocks import Block, View, actions, button, context, divider, header, input_block, modal, section
from bot.edge import ANYONE, ref
from bot.people.sizes import Programme, reader_words, size_words

TEXT = (
    "Candor is here: a private look at your own AI use, if you want one. Nothing is collected unless you opt in, and "
    "only you see your figures. You can read what would be collected, word for word, before you decide."
)


def invitation() -> list[Block]:
    """The post itself. Its button opens the reader's own form: it names nobody and asks nobody directly."""
    return [
        header("Your AI use, seen by you alone"),
        section(TEXT),
        section(
            "*If you do nothing, nothing happens.* Opting in or not has no consequence, and no list of who did is "
            "shown to anybody."
        ),
        actions(
            button("See what would be collected", "consent.collected", ref(ANYONE)),
            button("Opt in", "consent.open", ref(ANYONE)),
        ),
    ]


def form(person_id: str) -> View:
    """The modal in which HR picks a channel and sees the post first."""
    element = {"type": "conversations_select", "filter": {"include": ["public", "private"], "exclude_bot_users": True}}
    blocks: list[Block] = [
        input_block("channel", "Channel", element, hint="Candor has to be a member: type /invite @Candor there first."),
        divider(),
        context("This is what will be posted:"),
        *[block for block in invitation() if block["type"] != "actions"],
        context("Nobody gets a direct message by this."),
    ]
    return modal(
        "invitation.post", "Post an invitation", blocks, submit="Post", close="Cancel", metadata=ref(person_id)
    )


def posted(channel: str) -> View:
    return modal("invitation.posted", "Posted", [section(f"The invitation is in <#{channel}>.")])


def hr_section(person_id: str, programme: Programme) -> list[Block]:
    """HR's part of the Home tab."""
    return [
        divider(),
        header("For HR"),
        section(size_words(programme.opted_in), button("Post an invitation", "invitation.open", ref(person_id))),
        context(
            reader_words(programme.readers, programme.version),
            "No page or report lists who opted in or who read it, and there is no figure by team.",
            "To publish a new version of the policy, drop its Markdown file into your direct message with Candor.",
        ),
    ]
