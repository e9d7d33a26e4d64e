"""What everybody is told of a wave whose keys cannot be used: the same on every page, and nothing of the cause."""

from datetime import datetime

from storage.tables import Wave
from storage.waves import State


def keyless_words(wave: Wave, now: datetime) -> str:
    """That a wave takes no answers, or cannot be counted, for as long as its keys are away."""
    if wave.state == State.OPEN.value and wave.closes_at > now:
        return (
            f"*Pulse {wave.number} takes no answers at the moment: its keys cannot be read.* Those who run Candor have "
            "to bring them back."
        )
    return (
        f"*Pulse {wave.number} cannot be counted at the moment: its keys cannot be read.* Nothing is lost and nothing "
        "is published; those who run Candor have to bring them back."
    )
