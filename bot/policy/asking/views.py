"""Answers on screen: the policy's words as literal quotes, and what can be done next."""

from collections.abc import Iterator, Sequence

from bot.blocks import (
    Block,
    View,
    actions,
    bullets,
    button,
    context,
    escape,
    modal,
    plain_context,
    plain_section,
    section,
    shortened,
    titled_quote,
)
from bot.edge import ref
from bot.policy.asking import words
from bot.policy.asking.open_questions import LONGEST
from bot.policy.asking.reply import Quote, Reply, Stricter

# Slack takes 4,000 characters of text with a message; what is said around the passages needs the rest.
IN_MESSAGE, IN_MODAL, TEXT = 2400, 9000, 3900
HELPFUL, SEND = "asking.helpful", "asking.send"
THANKS = "Thank you. Counted without your name."


def message(reply: Reply, user: str, nonce: str, meant: str | None = None) -> tuple[str, list[Block]]:
    """(text, blocks) of the answer in the DM. `nonce` is random; `meant` is the command that was probably meant."""
    blocks = [*_lead(reply, meant), *_passages(reply, IN_MESSAGE), *_held(reply, user, in_dm=True)]
    blocks += [_next(reply, user), *_helpful(reply, user, nonce), context(words.NOT_KEPT_IN_DM)]
    return _text(reply, meant), blocks


def answer_modal(reply: Reply, user: str, nonce: str, meant: str | None = None) -> View:
    """The answer to a slash command, or to the Home tab's field."""
    asked = [plain_context(f"You asked: {shortened(reply.question, 300)}")] if reply.question else []
    blocks = [*asked, *_lead(reply, meant), *_passages(reply, IN_MODAL), *_held(reply, user, in_dm=False)]
    blocks += [_next(reply, user), *_helpful(reply, user, nonce), context(words.NOT_KEPT)]
    return modal("asking.closed", "Ask the policy", blocks, metadata=ref(user))


def _lead(reply: Reply, meant: str | None) -> list[Block]:
    """What comes before any passage: a command that was misspelt, and how far the policy answers."""
    near = [section(words.near(meant))] if meant else []
    match reply.tier:
        case "answer":
            return near
        case "closest":
            return [*near, section(words.CLOSEST)]
        case "silent":
            return [*near, section(f"*{words.SILENT}*"), plain_section(words.searched(reply))]
        case "refused":
            return [*near, plain_section(shortened(words.refused(reply), 2900))]


def _passages(reply: Reply, room: int) -> list[Block]:
    number = len(reply.quotes) + sum(each.quote is not None for each in reply.stricter)
    blocks = [block for quote in reply.quotes for block in _passage(quote, words.source(reply), room // number)]
    for stricter in reply.stricter:
        blocks.append(plain_section(shortened(words.holds(stricter, reply), 2900)))
        if stricter.quote:
            blocks += _passage(stricter.quote, words.own_source(stricter), room // number)
    soon = words.coming(reply) if reply.quotes else None
    return [*blocks, *(plain_context(line) for line in (words.language(reply), soon) if line)]


def _passage(quote: Quote, source: str, room: int) -> Iterator[Block]:
    shown = shortened(quote.text, room)
    yield titled_quote(shortened(quote.heading, 300), shown)
    keeper = f" · {escape(by)}" if (by := words.kept_by(quote)) else ""
    more = f" · {words.GOES_ON}" if shown != quote.text else ""
    yield context(f"{source}{keeper}{more}")


def _held(reply: Reply, user: str, *, in_dm: bool) -> list[Block]:
    """What is held about the asker now; in a direct message only if they want figures there."""
    if not reply.about_me:
        return []
    if in_dm and words.is_private(reply):
        return [section(words.PRIVATE), actions(button("What we hold about me", "held.open", ref(user)))]
    lines = words.held(reply)
    blocks = [section(f"*{words.HELD_NOW}*"), bullets(lines) if reply.held else plain_section(lines[0])]
    if not in_dm:
        return [*blocks, context("Type `held` to Candor to see every row of it.")]
    return [*blocks, actions(button("What we hold about me", "held.open", ref(user)))] if reply.held else blocks


def _next(reply: Reply, user: str) -> Block:
    read = button("Read the policy", "policy.read", ref(user))
    if reply.tier not in ("closest", "silent"):
        return actions(read)
    question = ref(user, reply.question[:LONGEST])
    return actions(read, button(words.TO_HR, SEND, question))


def _helpful(reply: Reply, user: str, nonce: str) -> list[Block]:
    if not reply.quotes:
        return []
    first = reply.quotes[0]
    value = ref(user, f"{first.version}.{first.clause}.{nonce}")
    buttons = button("This helped", "asking.helped", value), button("This did not help", "asking.not_helped", value)
    return [actions(*buttons) | {"block_id": HELPFUL}]


def _text(reply: Reply, meant: str | None) -> str:
    """All that matters, for who has the message read out."""
    near = [words.near(meant)] if meant else []
    said = {"closest": [words.CLOSEST], "silent": [words.SILENT, words.searched(reply)]}.get(reply.tier, [])
    refused = [words.refused(reply)] if reply.refusal else []
    passages = [_spoken(quote, words.source(reply), reply) for quote in reply.quotes]
    own = [line for stricter in reply.stricter for line in _own_spoken(stricter, reply)]
    held = [words.PRIVATE] if words.is_private(reply) else [words.HELD_NOW, *words.held(reply)]
    shown = [*near, *said, *refused, *passages, *own, *(held if reply.about_me else [])]
    after = "\n".join(_after(reply))
    before = shortened("\n".join(shown), TEXT - len(after) - 1)
    return escape(f"{before}\n{after}")


def _after(reply: Reply) -> Iterator[str]:
    """What comes after the passages: another version that is coming, what the buttons do, what is kept."""
    if other := words.language(reply):
        yield other
    if reply.quotes and (soon := words.coming(reply)):
        yield soon
    yield f"Buttons follow: {', '.join(_offered(reply))}."
    yield words.NOT_KEPT_IN_DM


def _offered(reply: Reply) -> Iterator[str]:
    if reply.about_me and reply.held:
        yield "“What we hold about me”"
    yield "“Read the policy”"
    if reply.tier in ("closest", "silent"):
        yield f"“{words.TO_HR}”"
    if reply.quotes:
        yield "“This helped” and “This did not help”, counted without your name"


def _own_spoken(stricter: Stricter, reply: Reply) -> Iterator[str]:
    yield words.holds(stricter, reply)
    if stricter.quote:
        yield _spoken(stricter.quote, words.own_source(stricter), reply)


def _spoken(quote: Quote, source: str, reply: Reply) -> str:
    room = IN_MESSAGE // (len(reply.quotes) + sum(each.quote is not None for each in reply.stricter))
    title = f"{shortened(quote.heading, 150)} ({source})" if quote.heading else source
    keeper = f" {by}" if (by := words.kept_by(quote)) else ""
    shown = shortened(quote.text, room)
    return f"{title}: “{shown}”{keeper}{'' if shown == quote.text else f' {words.GOES_ON}'}"


def sent_on(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of an answer whose question was sent to HR: without the button for it, and saying so."""
    left: list[Block] = []
    for block in blocks:
        others = [each for each in block.get("elements", ()) if each.get("action_id") != SEND]
        if block["type"] != "actions" or len(others) == len(block["elements"]):
            left.append(block)
        else:
            left += [block | {"elements": others}, context("Sent to HR, without your name.")]
    return left


def thanked(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of an answer, with thanks in the place of the question whether it helped."""
    return [context(THANKS) if block.get("block_id") == HELPFUL else block for block in blocks]


def again(view: View, blocks: list[Block]) -> View:
    """An open modal, as Slack describes it, with other blocks."""
    kept = ("type", "callback_id", "title", "close", "private_metadata")
    return {key: view[key] for key in kept} | {"blocks": blocks}
