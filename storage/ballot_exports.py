"""Reading a wave's ballots in the order of their bytes, for the trustee: an order that says nothing of who or when."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from storage.ballots import PIECE
from storage.tables import SealedBallot


def by_ciphertext(session: Session, wave: str) -> Iterator[tuple[bytes, bytes]]:
    """Each (tag, sealed) of a wave, ordered by `sealed`, which begins with the ciphertext."""
    rows = select(SealedBallot.tag, SealedBallot.sealed).where(SealedBallot.wave == wave)
    yield from session.exec(rows.order_by(col(SealedBallot.sealed)), execution_options={"yield_per": PIECE})
