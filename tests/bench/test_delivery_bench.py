"""The delivery benches measure what they say they do."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import Engine, select

from bot.delivery import Message
from bot.sandbox.server import Sandbox
from storage.deliveries import DIGEST
from storage.tables import Base
from tests.bench import databases, delivery_rows
from tests.bench.delivery import FLOORS
from tests.bench.delivery_flat import held
from tests.bench.delivery_floor import floor
from tests.bench.delivery_slack import slack
from tests.bench.delivery_work import A_RUN, Worker, plan, saying
from tests.candor import MANIFEST

PERSON = "U0ADA"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "12 sessions"}}
MESSAGE = Message("Your week: 12 sessions", [SECTION], holds_figures=True)
# In these a row differs from any other; and SQLite keeps what the floor writes in another form of the same moment.
OWN = ("id", "kind", "ts", "started_at", "finished_at")
DELIVERY = Base.metadata.tables["delivery"]


@pytest.fixture(params=["sqlite", "postgresql"])
def on_disk(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with databases.sqlite() if request.param == "sqlite" else databases.postgresql() as engine:
        yield engine


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(MANIFEST) as sandbox:
        sandbox.workspace.add_user(id=PERSON, name=PERSON)
        yield sandbox


def test_the_floor_posts_and_stores_what_ours_does(on_disk: Engine, sandbox: Sandbox) -> None:
    client = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    delivery_rows.fill(on_disk, [PERSON], finished=False)
    assert Worker(on_disk, client, saying({PERSON: MESSAGE})).run().sent == 1
    plan(on_disk, [PERSON], kind=FLOORS)
    with floor(on_disk, client) as raw:
        raw.send_all({PERSON: _row(on_disk, FLOORS)["id"]}, {PERSON: MESSAGE})
    ours, floors = (_row(on_disk, kind) for kind in (DIGEST, FLOORS))
    assert _without(ours, OWN) == _without(floors, OWN)
    assert all(row["started_at"] and row["finished_at"] for row in (ours, floors))
    posts = [call.args for call in sandbox.workspace.calls if call.method == "chat.postMessage"]
    assert [post["metadata"]["event_payload"] for post in posts] == [{"id": row["id"]} for row in (ours, floors)]
    for post in posts:
        del post["metadata"]["event_payload"]
    assert posts[0] == posts[1]


def _row(engine: Engine, kind: str) -> dict[str, Any]:
    with engine.connect() as connection:
        return dict(connection.execute(select(DELIVERY).where(DELIVERY.c.kind == kind)).mappings().one())


def _without(row: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_the_local_slack_says_where_each_message_is() -> None:
    with slack() as client:
        first, second = (client.chat_postMessage(channel=PERSON, text="Hello") for _ in range(2))
    assert first["ok"]
    assert first["channel"] == second["channel"]
    assert first["ts"] < second["ts"]


def test_a_tick_of_the_bench_ends_where_the_rate_of_production_ends_it(on_disk: Engine) -> None:
    people = [f"U{number}" for number in range(3 * A_RUN)]
    delivery_rows.fill(on_disk, people, finished=True)
    with slack() as client:
        worker = Worker(on_disk, client, saying(dict.fromkeys(people, MESSAGE)))
        assert [worker.run().sent for _ in range(4)] == [A_RUN, A_RUN, A_RUN, 0]


def test_only_the_time_in_which_a_connection_is_held_counts(on_disk: Engine) -> None:
    with held(on_disk) as seconds:
        for _ in range(2):
            with on_disk.connect() as connection:
                connection.execute(select(DELIVERY.c.id))
    with on_disk.connect() as connection:
        connection.execute(select(DELIVERY.c.id))
    assert len(seconds) == 2
    assert min(seconds) > 0
