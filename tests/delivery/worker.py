"""One worker in a process of its own, that kills itself with SIGKILL where it is told to.

Arguments: database url, Slack's base url, token, and the step: "claimed" (rows are held, nothing is intended),
"intended" (the intent to post is committed, no byte has left), "posting" (it never kills itself: Slack does not
answer, and the test kills it).
"""

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk import WebClient
from sqlmodel import Session

from bot.delivery import DeliverySettings, Outbox
from bot.delivery.messages import Answer
from storage.database import open_engine, session_factory
from storage.deliveries import DIGEST
from storage.tables import Delivery
from tests.delivery.world import MONDAY, WORKSPACE, greeting

PATIENT = DeliverySettings(timeout_s=60, lease_s=120)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(database: str, base_url: str, token: str, step: str) -> None:
    looks = 0

    def compose(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        if step == "claimed":
            die()
        return greeting(session, rows, now)

    def monotonic() -> float:
        nonlocal looks
        looks += 1
        if step == "intended" and looks == 3:
            die()
        return time.monotonic()

    outbox = Outbox(
        session_factory(open_engine(database)),
        WebClient(token=token, base_url=base_url),
        {DIGEST: compose},
        lambda: MONDAY,
        workspace_id=WORKSPACE,
        worker=f"process {os.getpid()}",
        settings=PATIENT,
        monotonic=monotonic,
    )
    outbox.run(MONDAY)


if __name__ == "__main__":
    main(*sys.argv[1:])
