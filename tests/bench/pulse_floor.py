"""The floor of a ballot: a bare Bolt app that seals the same bytes and writes them in one raw statement."""

import hmac
import json
from collections.abc import Mapping
from concurrent.futures import Executor
from secrets import token_bytes
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.pulse.envelope import LENGTH
from bot.pulse.sealing import SUITE
from tests.bench.pulse_work import Work
from tests.bench.raw import Commit

PUT = "INSERT INTO ballot (tag, wave, sealed) VALUES (?, ?, ?) ON CONFLICT (tag) DO UPDATE SET sealed = excluded.sealed"


class BareBallots:
    """One listener, one connection, nothing between the two; the keys are in memory."""

    def __init__(self, commit: Commit, work: Work) -> None:
        self._commit, self._work = commit, work
        # Not the wave's: its ballots lie beside ours, and take the place of none.
        self._secret = token_bytes(32)

    def app(self, client: WebClient, signing_secret: str, executor: Executor) -> App:
        app = App(client=client, signing_secret=signing_secret, listener_executor=executor)
        app.view("ballot.submit")(self._submit)
        return app

    def _submit(self, ack: Ack, body: dict[str, Any]) -> None:
        wave = self._work.wave.id
        tag = hmac.digest(self._secret, f"{wave}{body['user']['id']}".encode(), "sha256")
        packed = _packed(body["view"]["state"]["values"])
        ciphertext = SUITE.encrypt(packed, self._work.keys.public, info=wave.encode())
        mark = hmac.digest(self._secret, tag + ciphertext, "sha256")
        self._commit(PUT, (tag, wave, ciphertext + mark))
        ack(response_action="update", view=self._work.view())


def _packed(form: Mapping[str, Any]) -> bytes:
    """The answers and the comment as ours packs them."""
    answers, comment = {}, b""
    for block, elements in form.items():
        element = elements[block]
        if element["type"] == "plain_text_input":
            comment = element["value"].encode()
        else:
            answers[block] = element["selected_option"]["value"]
    head = json.dumps({"a": answers, "l": False}, separators=(",", ":")).encode()
    sizes = len(head).to_bytes(2, "big") + len(comment).to_bytes(2, "big")
    return (sizes + head + comment).ljust(LENGTH, b"\0")
