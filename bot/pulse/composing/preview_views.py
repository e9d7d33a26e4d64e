"""What people will see of a wave: shown to HR before it opens, because afterwards nothing of it can be changed."""

from collections.abc import Iterator

from bot.blocks import Block, View, context, divider, escape, modal, section
from bot.edge import ref
from bot.pulse.ballot import views as ballot_views
from bot.pulse.ballot.standing import Voter
from bot.pulse.composing.composition import Composition
from bot.pulse.composing.views import TITLE, your_time
from storage.tables import Wave


def preview(reader: Voter, composition: Composition, wave: Wave) -> View:
    """The page before a wave opens: the form of `wave`, which is not stored, as something to read. It carries the
    composition."""
    form = ballot_views.form(reader, wave)
    blocks = [
        section("*This is what everybody gets*, opted in or not. Read it as somebody who does not trust it."),
        divider(),
        *(each for block in form["blocks"] for each in _to_read(block)),
        divider(),
        section(
            f"It opens at once and closes on {your_time(wave.closes_at, reader.tz)}; after 48 hours of weekdays you "
            "can close it earlier. Whoever wants invitations gets one, and the same reminder. Once it is open, nobody "
            "can change its questions, make it longer or take its anonymity away."
        ),
    ]
    metadata = ref(reader.id, composition.model_dump_json())
    return modal("pulse.open", TITLE, blocks, submit="Open it now", close="Back", metadata=metadata)


def _to_read(block: Block) -> Iterator[Block]:
    """A block of the form; instead of a field its question, and the answers that it offers."""
    if block["type"] != "input":
        yield block
        return
    answers = [each["text"]["text"] for each in block["element"].get("options", [])] or ["A free text."]
    yield section(f"*{escape(block['label']['text'])}*\n{escape(' · '.join(answers))}")
    if "hint" in block:
        yield context(escape(block["hint"]["text"]))


def opened(wave: Wave, tz: str) -> View:
    """What HR sees once the wave is open."""
    said = (
        f"*Pulse {wave.number} is open until {your_time(wave.closes_at, tz)}.* Invitations go out at a decent hour "
        "where each person is. You can answer it like everybody else."
    )
    # Behind this page lies the form, which is of no use any more.
    return modal("pulse.opened", TITLE, [section(said)]) | {"clear_on_close": True}
