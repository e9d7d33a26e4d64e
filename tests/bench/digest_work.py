"""Composing the digests of one batch of people: ours, and the floor."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.delivery import DeliverySettings, Message
from bot.digest.reading import read_digests
from bot.digest.views import message
from storage.database import SessionFactory
from tests.bench.digest_rows import LAST, person_id
from tests.bench.statements import Step
from tests.candor import START

Batch = Sequence[str]


def batches(people: int) -> Iterator[Batch]:
    """The ids of this many people, as many at a time as the outbox claims."""
    size = DeliverySettings().batch
    for start in range(0, people, size):
        yield [person_id(number) for number in range(start, min(start + size, people))]


def compose(sessions: SessionFactory, batch: Batch) -> list[Message]:
    """The messages of a batch, read in one transaction."""
    with sessions.begin() as session:
        digests = read_digests(session, batch, LAST, START)
    return [message(digests[person]) for person in batch]


def payload(one: Message) -> dict[str, Any]:
    return {"text": one.text, "blocks": one.blocks}


def ours(sessions: SessionFactory, batch: Batch) -> int:
    """Read, compose and render a batch; returns the characters rendered."""
    return sum(len(json.dumps(payload(one))) for one in compose(sessions, batch))


@dataclass(frozen=True)
class Recorded:
    """What the floor of a batch does: the same statements, and as many dicts of the same size as ours rendered."""

    steps: Sequence[Step]
    payloads: Sequence[dict[str, Any]]


def floor(cursor: Any, recorded: Recorded) -> int:
    """The same rows by the driver's own cursor, then `json.dumps`; returns the characters rendered."""
    for step in recorded.steps:
        cursor.execute(step.sql, step.values)
        if cursor.description:
            cursor.fetchall()
    return sum(len(json.dumps(one)) for one in recorded.payloads)
