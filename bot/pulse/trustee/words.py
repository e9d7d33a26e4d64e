"""What is said of a wave whose ballots only the trustee can open."""

from bot.pulse.trustee.keyfile import fingerprint, grouped
from storage.tables import Wave
from storage.waves import State


def trustee_mark(wave: Wave) -> str | None:
    """The fingerprint of the trustee's keys, as the trustee announced it; None where the server opens the ballots."""
    return fingerprint(bytes.fromhex(wave.trustee)) if wave.trustee else None


def export_words(wave: Wave) -> str | None:
    """The fingerprint of the sealed answers that go to the trustee; None until the wave has closed."""
    return grouped(wave.export_mark) if wave.export_mark else None


def with_trustee(wave: Wave) -> str | None:
    """That the wave waits for the trustee; None unless it does."""
    if wave.trustee is None or wave.state != State.CLOSING.value:
        return None
    mark = export_words(wave)
    sealed = f"Its sealed answers have the fingerprint {mark}; the trustee counts exactly these. " if mark else ""
    return (
        f"Pulse {wave.number} takes no more answers and is with the trustee, who alone can open the ballots "
        f"(keys {trustee_mark(wave)}). {sealed}Its results appear for everybody once the trustee has counted them."
    )
