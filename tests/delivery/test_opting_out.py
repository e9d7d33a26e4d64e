"""Opting out at any moment: at most one message, and none with figures is forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.delivery import Drop, Message
from bot.delivery.messages import Answer
from bot.sandbox.faults import Fault
from storage import held
from storage.deliveries import DIGEST, State
from storage.tables import Consent, Delivery, SentItem, SlackDeletion
from tests.delivery.world import MONDAY, WEEK, World


def test_figures_sent_to_somebody_who_opts_out_meanwhile_are_queued_for_deletion(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")

    def opt_out(args: dict[str, object]) -> bool:
        with world.sessions.begin() as session:
            held.erase(session, "U1", open_week=WEEK, now=world.clock())
        return False

    world.slack.faults.add(Fault("chat.postMessage", "ok", when=opt_out))
    assert world.run().sent == 1
    [message] = world.messages("U1")
    with world.sessions.begin() as session:
        [deletion] = session.exec(select(SlackDeletion)).all()
        assert not session.exec(select(SentItem)).all()
    assert (deletion.kind, deletion.channel, deletion.ref) == ("message", message.channel, message.ts)


def test_a_message_found_by_its_history_can_be_deleted_too(world: World) -> None:
    world.add_people("U1")
    world.plan("U1")
    world.fault("drop_after")
    world.rest()
    with world.sessions.begin() as session:
        [item] = session.exec(select(SentItem)).all()
    assert item.ref == world.messages("U1")[0].ts


def test_whoever_opts_out_while_a_worker_holds_their_message_gets_none(world: World) -> None:
    world.add_people("U1", "U2")
    world.plan("U1", due=MONDAY - timedelta(seconds=1))
    world.plan("U2")

    def opt_out(args: dict[str, object]) -> bool:
        with world.sessions.begin() as session:
            held.erase(session, "U2", open_week=WEEK, now=world.clock())
        return False

    world.slack.faults.add(Fault("chat.postMessage", "ok", when=opt_out))
    assert world.run().sent == 1
    assert [(row.state, row.reason) for row in world.rows()] == [("sent", None), ("dropped", "opted out")]
    assert world.messages("U2") == []


def test_an_opt_out_while_the_outcome_is_unknown_is_never_followed_by_a_second_message(world: World) -> None:
    def only_consenting(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        there = set(session.exec(select(Consent.person_id)))
        return {row.id: Message("hello", []) if row.person_id in there else Drop("opted out") for row in rows}

    world.composers = {DIGEST: only_consenting}
    world.add_people("U1")
    world.plan("U1")
    world.fault("drop_before")
    world.run()
    with world.sessions.begin() as session:
        held.erase(session, "U1", open_week=WEEK, now=world.clock())
    world.rest()
    assert (world.row().state, world.row().reason) == (State.DROPPED, "opted out")
    assert world.messages("U1") == []
