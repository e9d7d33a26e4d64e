"""The server's side of what comes back: signed tallies are checked against the sealed ballots, then published."""

from bot.errors import OperatorError
from bot.pulse.banding import Publishable
from bot.pulse.closing import counted
from bot.pulse.keys import KeyDirectory, KeysUnusable
from bot.pulse.trustee.exporting import current, difference, require_waiting
from bot.pulse.trustee.heading import keys_of
from bot.pulse.trustee.tallies import fault, verified, wave_of
from storage import waves
from storage.database import Session, SessionFactory, reading
from storage.tables import Wave
from storage.waves import State


def take(sessions: SessionFactory, keys: KeyDirectory, raw: bytes) -> bool:
    """Store what the trustee's tallies say is published, and delete the ballots, in one transaction.

    False when the wave was counted or ended before: nothing happens a second time. Ending the wave is left to `close`.
    Raises `OperatorError` for tallies that are not the trustee's or not of these ballots, and `KeysUnusable`; then
    nothing has changed.
    """
    try:
        # Checking takes seconds, in which others have to be able to write: no ballot changes any more.
        with reading(sessions) as session:
            wave, outcome = _checked(session, keys, raw)
    except KeysUnusable:
        raise
    except OperatorError as error:
        raise _refused(error) from None
    if wave.state != State.CLOSING.value:
        return False
    with sessions.begin() as session:
        counted(session, wave, outcome)
    return True


def _checked(session: Session, keys: KeyDirectory, raw: bytes) -> tuple[Wave, Publishable | None]:
    """The wave that the tallies are of, and what is published of it; None where nothing is."""
    wave = waves.by_id(session, wave_of(raw))
    if wave is None or wave.trustee is None:
        raise OperatorError("no pulse with a trustee is known by their id.")
    if wave.state in (State.COUNTED.value, State.CLOSED.value):
        return wave, None
    held = keys_of(keys, require_waiting(wave))
    # Not with the key in the database: whoever can write there could put one of their own in its place.
    tallies = verified(raw, held.verifying or b"")
    header = current(session, held, wave)
    if wrong := difference(wave, header) or fault(tallies, header):
        # Counted by another process in this very moment, its ballots are gone, and nothing is wrong.
        session.refresh(wave)
        if wave.state == State.CLOSING.value:
            raise OperatorError(wrong)
        return wave, None
    return wave, tallies.publishable if tallies.opened >= header.smallest_group else None


def _refused(why: OperatorError) -> OperatorError:
    return OperatorError(f"the tallies are refused: {why} Nothing was changed.")
