"""/metrics, read back with Prometheus' own parser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse
from prometheus_client.samples import Sample
from sqlmodel import update

from bot.delivery import Tally
from bot.jobs import Tick
from bot.operators.web import Operations, operations
from storage.database import open_engine, session_factory
from storage.deliveries import State
from storage.tables import Delivery, Workspace
from tests.delivery.world import World
from tests.operators.places import get, served, services_of


def no_trouble() -> None:
    return None


@pytest.fixture
def shown(world: World) -> Operations:
    return operations(services_of(world), no_trouble)


@pytest.fixture
def address(shown: Operations) -> Iterator[str]:
    with served(shown) as address:
        yield address


def scraped(address: str) -> dict[str, float]:
    """Every sample by name and labels: `candor_deliveries{digest,ready}`."""
    status, content_type, body = get(f"{address}/metrics")
    assert status == 200 and content_type.startswith("text/plain; version=0.0.4")
    return {key(sample): sample.value for family in parse(body) for sample in family.samples}


def key(sample: Sample) -> str:
    return sample.name + ("{" + ",".join(sample.labels.values()) + "}" if sample.labels else "")


def test_what_ticks_did_is_counted(address: str, shown: Operations) -> None:
    shown.metrics.ticked(Tick(7, Tally(sent=5, dropped=4, failed=3, unknown=2, recovered=1, limited=6)))
    shown.metrics.ticked(Tick(1, Tally(sent=1)))
    found = scraped(address)
    counted = ("planned", "sent", "dropped", "failed", "unknown", "recovered")
    assert [found[f"candor_deliveries_{name}_total"] for name in counted] == [8, 6, 4, 3, 2, 1]
    assert found["candor_rate_limited_total"] == 6


def test_acks_are_counted_by_how_long_they_took(address: str, shown: Operations) -> None:
    for seconds in (0.004, 0.2, 2.9, 4.0):
        shown.metrics.acked(seconds)
    found = scraped(address)
    assert found["candor_ack_seconds_count"] == 4
    assert found["candor_ack_seconds_sum"] == pytest.approx(7.104)
    assert (found["candor_ack_seconds_bucket{0.25}"], found["candor_ack_seconds_bucket{3.0}"]) == (2, 3)


def test_gauges_say_what_the_outbox_holds(world: World, address: str) -> None:
    assert scraped(address)["candor_deliveries{digest,ready}"] == 0
    world.add_people("U1", "U2", "U3")
    world.plan("U1")
    world.fault("drop_before")
    world.run()
    world.plan("U2", "U3")
    world.plan("U2", kind="invitation")
    world.clock.advance(90)
    found = scraped(address)
    assert found["candor_deliveries{digest,unknown}"] == found["candor_deliveries{invitation,ready}"] == 1
    assert found["candor_deliveries{digest,ready}"] == 2
    assert {f"candor_deliveries{{digest,{state}}}" for state in State} <= found.keys()
    assert found["candor_delivery_lag_seconds"] == found["candor_delivery_unknown_oldest_seconds"] == 90
    assert (found["candor_sending_stopped"], found["candor_database_up"]) == (0, 1)
    world.clock.advance(600)
    # Nobody composes invitations here: that one stays behind.
    world.run()
    world.run()
    found = scraped(address)
    assert (found["candor_deliveries{digest,sent}"], found["candor_delivery_unknown_oldest_seconds"]) == (3, 0)
    assert found["candor_delivery_lag_seconds"] == 690


def test_what_is_not_yet_due_is_not_behind(world: World, address: str) -> None:
    world.add_people("U1")
    world.plan("U1", due=world.clock() + timedelta(hours=1))
    assert scraped(address)["candor_delivery_lag_seconds"] == 0


def test_a_stopped_workspace_shows(world: World, address: str) -> None:
    with world.sessions.begin() as session:
        session.exec(update(Workspace).values(stopped_at=world.clock(), stop_reason="token_revoked"))
    assert scraped(address)["candor_sending_stopped"] == 1


def test_no_label_holds_a_person_a_reason_or_anything_from_outside(world: World, address: str) -> None:
    world.add_people("UCANARY")
    world.plan("UCANARY")
    with world.sessions.begin() as session:
        canary = {"kind": 'x"} UCANARY', "reason": "canary", "state": "failed"}
        session.exec(update(Delivery).values(**canary))
    body = get(f"{address}/metrics")[2]
    assert "canary" not in body.lower()
    labels = {name for family in parse(body) for sample in family.samples for name in sample.labels}
    assert labels <= {"kind", "state", "le"}
    assert scraped(address)["candor_deliveries{other,failed}"] == 1


def test_openmetrics_is_given_to_whoever_asks_for_it(world: World, address: str) -> None:
    asked = "application/openmetrics-text; version=1.0.0"
    _, content_type, body = get(f"{address}/metrics", accept=asked)
    assert content_type.startswith("application/openmetrics-text")
    names = {family.name for family in parse_openmetrics(body)}  # type: ignore[no-untyped-call]
    assert {"candor_deliveries_sent", "candor_deliveries", "candor_ack_seconds"} <= names


def test_names_and_help_follow_prometheus_conventions(world: World, address: str) -> None:
    families = [family for family in parse(get(f"{address}/metrics")[2]) if family.name.startswith("candor_")]
    assert len(families) >= 14
    for family in families:
        assert family.documentation.endswith(".") or family.name.endswith("_created")
        assert family.type != "counter" or all(
            sample.name.endswith(("_total", "_created")) for sample in family.samples
        )


def test_a_scrape_without_the_database_still_has_what_this_process_did(world: World) -> None:
    services = services_of(world)
    engine = open_engine("postgresql://nobody@127.0.0.1:9/x")
    object.__setattr__(services, "sessions", session_factory(engine))
    shown = operations(services, no_trouble)
    shown.metrics.ticked(Tick(7, Tally(sent=5)))
    with served(shown) as address:
        found = scraped(address)
    assert (found["candor_database_up"], found["candor_deliveries_sent_total"]) == (0, 5)
    assert found["candor_last_tick_age_seconds"] >= 0
    assert not [name for name in found if name.startswith(("candor_deliveries{", "candor_delivery_"))]
    engine.dispose()
