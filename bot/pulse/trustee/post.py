"""The post to the channel by which the trustee, and everybody, knows which sealed answers are to be counted."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.blocks import section
from bot.delivery import Drop, Later, Message
from bot.delivery.channel import PostComposer
from bot.policy.publishing.spoken import spoken
from bot.pulse.closing import SEALED_POST
from bot.pulse.keys import KeyDirectory, KeysUnusable
from bot.pulse.trustee.heading import is_ours
from bot.pulse.trustee.words import export_words, trustee_mark
from storage import waves
from storage.tables import ChannelPost, Wave
from storage.waves import State

# The keys cannot be read: `candor doctor` says so, and other posts do not wait for them.
AGAIN = timedelta(minutes=1)


def composers(keys: KeyDirectory) -> Mapping[str, PostComposer]:
    """By the kind of post. It says only what these keys prove to be this server's own."""

    def compose(session: Session, post: ChannelPost, now: datetime) -> Message | Drop | Later:
        # `post.key` is "pulse 3 sealed".
        wave = waves.by_number(session, int(post.key.split(" ")[1]))
        if wave is None or wave.state != State.CLOSING.value:
            return Drop("there is no such pulse, or it is no longer with the trustee")
        try:
            return message(wave) if is_ours(keys, wave) else Drop("the fingerprint is not the server's own")
        except KeysUnusable:
            return Later(now + AGAIN)

    return {SEALED_POST: compose}


def message(wave: Wave) -> Message:
    """The post; nothing in it says how many have answered."""
    blocks = [
        section(f"*Pulse {wave.number} has closed, and goes to the trustee, who alone can open the answers*"),
        section(f"Its sealed answers have the fingerprint\n`{export_words(wave)}`\nThe trustee counts exactly these."),
        section(
            f"Whoever counts with the keys `{trustee_mark(wave)}` compares this with what their own program shows, and "
            "does not count if it is another one: then somebody has put other answers in their place. The results come "
            "to everybody at the same moment."
        ),
    ]
    return Message(spoken(blocks), blocks)
