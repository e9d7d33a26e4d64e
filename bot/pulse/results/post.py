"""The post to the channel: what has come of a pulse, at the moment from which everybody sees it."""

from collections.abc import Mapping
from datetime import datetime

from bot.blocks import Block, actions, bullets, button, context, plain_section, section
from bot.delivery import Drop, Message
from bot.delivery.channel import PostComposer
from bot.edge import ANYONE, ref
from bot.policy.publishing.spoken import spoken
from bot.pulse.closing import POST
from bot.pulse.results.blocks import heading, wave_lines, wave_table, why
from bot.pulse.results.reading import Results, read
from storage import waves
from storage.database import Session
from storage.tables import ChannelPost, Wave
from storage.waves import State

READING = (
    "How many of 100 agree, of those who have an opinion; and how many of 100 do not know, of all who answered. Bands "
    "of 20 points. Everybody sees the same, HR and managers too."
)


def compose(session: Session, post: ChannelPost, now: datetime) -> Message | Drop:
    """The outcome of a pulse. `post.key` is "pulse 3 results"."""
    wave = waves.by_number(session, int(post.key.split(" ")[1]))
    if wave is None or wave.state != State.CLOSED.value:
        return Drop("there is no such pulse, or it has not ended")
    return message(read(session, now), wave)


def message(results: Results, wave: Wave) -> Message:
    """The post: in words first, then as a table of bands."""
    blocks: list[Block] = [section(f"*{heading(wave)}*")]
    if wave.outcome == "results":
        blocks += [bullets(wave_lines(results, wave)), wave_table(results, wave), context(READING)]
    else:
        blocks.append(plain_section(why(wave)))
    blocks.append(actions(button("All results", "pulse.results", ref(ANYONE))))
    return Message(spoken(blocks), blocks)


COMPOSERS: Mapping[str, PostComposer] = {POST: compose}
