"""What opting out deletes in Slack, and what it does when Slack refuses, breaks off or is slow."""

import math
import threading
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from sqlmodel import select

from bot.errors import NotOptedIn
from bot.files import send_files
from bot.held.erase import Left, delete_in_slack, leave
from bot.sandbox.faults import Fault, FaultKind
from bot.stint import Stint
from storage import deletions, held, people
from storage.tables import Person, SentItem, SlackDeletion
from tests.candor import START, Candor

FIGURES = b"777 sessions"


def opted_in(candor: Candor, *ids: str) -> None:
    for person_id in ids:
        candor.join(person_id)
        candor.opt_in(person_id, "claude-code")


def person(candor: Candor, person_id: str = "U01") -> Person:
    with candor.sessions.begin() as session:
        found = people.get(session, person_id)
    assert found is not None
    return found


def leaves(candor: Candor, person_id: str = "U01") -> Left:
    return leave(candor.sessions, candor.client, person(candor, person_id), candor.clock)


def send(candor: Candor, person_id: str = "U01", number: int = 1) -> None:
    files = {f"figures{each}.txt": FIGURES for each in range(number)}
    send_files(candor.client, candor.sessions, person_id, "As you asked.", files, candor.clock())


def queued(candor: Candor) -> list[SlackDeletion]:
    with candor.sessions.begin() as session:
        return list(session.exec(select(SlackDeletion)))


def files_alive(candor: Candor) -> list[str]:
    return [file.name for file in candor.sandbox.workspace.files.values() if file.content]


def messages_of(candor: Candor, person_id: str = "U01") -> list[str]:
    return [message.text for message in candor.dms(person_id)]


def test_more_than_one_batch_is_deleted_in_one_go(candor: Candor) -> None:
    opted_in(candor, "U01")
    send(candor, number=60)
    assert leaves(candor) == Left(on_disk=True, left_in_slack=0)
    assert files_alive(candor) == []


def test_a_message_that_slack_will_not_delete_for_us_is_not_said_to_be_gone(candor: Candor) -> None:
    opted_in(candor, "U01")
    for _ in range(4):
        send(candor)
    for message in candor.dms("U01"):
        message.user = "UOLDBOT"  # As after the app was deleted and made anew.
    assert leaves(candor).left_in_slack == 4
    assert files_alive(candor) == []
    assert {item.kind for item in queued(candor)} == {"message"}


def test_somebody_elses_undeleted_messages_are_not_told_as_ones_own(candor: Candor) -> None:
    opted_in(candor, "U01", "U02")
    for person_id in ("U01", "U02"):
        send(candor, person_id)
    candor.sandbox.faults.add(Fault("*", "error_500_before", times=2))
    assert leaves(candor, "U02").left_in_slack == 2
    candor.clock.pass_by(minutes=6)
    assert leaves(candor, "U01").left_in_slack == 0
    assert len(queued(candor)) == 2


BROKEN_ANSWERS: list[FaultKind] = [
    "drop_before", "drop_after", "reset_after", "half_body", "html_200", "html_200_before", "error_500_before",
    "fatal_error_after", "ratelimited",
]  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN_ANSWERS)
def test_a_broken_answer_ends_neither_the_leaving_nor_the_tick(candor: Candor, kind: FaultKind) -> None:
    opted_in(candor, "U01")
    send(candor)
    candor.sandbox.faults.add(Fault("chat.delete", kind))
    candor.sandbox.faults.add(Fault("files.delete", kind))
    assert leaves(candor).left_in_slack >= 1
    candor.tick()
    candor.clock.pass_by(minutes=6)
    candor.tick()
    candor.clock.pass_by(minutes=11)
    candor.tick()
    assert queued(candor) == []
    assert files_alive(candor) == []


def test_each_refusal_doubles_the_wait_up_to_a_day(candor: Candor) -> None:
    with candor.sessions.begin() as session:
        deletions.queue(session, "message", "D404", "1.0", START)
    waits = []
    candor.sandbox.faults.add(Fault("chat.delete", "error_500_before", times=12))
    for _ in range(12):
        assert delete_in_slack(candor.sessions, candor.client, candor.clock(), stint=Stint(seconds=math.inf)) == 1
        [item] = queued(candor)
        waits.append(item.not_before - candor.clock())
        candor.clock.now = item.not_before
    minutes = [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    assert waits == [*(timedelta(minutes=each) for each in minutes), *[timedelta(days=1)] * 3]


def test_when_slack_is_down_it_is_not_asked_for_each_of_a_hundred(candor: Candor) -> None:
    with candor.sessions.begin() as session:
        for number in range(100):
            deletions.queue(session, "message", "D404", f"{number}.0", START)
    candor.sandbox.faults.add(Fault("chat.delete", "error_500_before", times=100))
    assert delete_in_slack(candor.sessions, candor.client, candor.clock(), stint=Stint(seconds=math.inf)) == 100
    assert len([call for call in candor.sandbox.workspace.calls if call.method == "chat.delete"]) == 3


def test_something_noted_or_queued_twice_is_there_once(candor: Candor) -> None:
    opted_in(candor, "U01")
    with candor.sessions.begin() as session:
        for _ in range(2):
            deletions.note_sent(session, "U01", "message", "D1", "1.0", START)
            deletions.queue(session, "file", None, "F1", START)
        assert len(session.exec(select(SentItem)).all()) == 1
    assert len(queued(candor)) == 1


def test_nobody_who_is_not_opted_in_is_sent_a_file(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").open_home()
    with pytest.raises(NotOptedIn):
        send(candor)
    assert messages_of(candor) == []
    assert candor.sandbox.workspace.files == {}


def test_files_that_slack_was_told_to_delete_before_it_had_them_are_deleted_all_the_same(candor: Candor) -> None:
    opted_in(candor, "U01")

    def leave_too_early(args: dict[str, object]) -> bool:
        with candor.sessions.begin() as session:
            held.erase(session, "U01", open_week="2026-W47", now=candor.clock())
        with candor.sessions.begin() as session:
            for item in deletions.due(session, candor.clock(), 9):
                deletions.done(session, item)  # Slack has said of each that there is no such thing.
        return True

    candor.sandbox.faults.add(Fault("files.completeUploadExternal", "ok", when=leave_too_early))
    send(candor)
    assert files_alive(candor) == ["figures0.txt"]
    with candor.sessions.begin() as session:
        assert set(held.rows_of(session, "U01")) == {"person"}
    candor.tick()
    assert files_alive(candor) == []
    assert messages_of(candor) == []


STEPS = ["chat.postMessage", "files.getUploadURLExternal", "files.completeUploadExternal"]


@pytest.mark.parametrize("step", STEPS)
def test_who_opts_out_while_their_files_are_on_their_way_keeps_none_of_them_in_slack(candor: Candor, step: str) -> None:
    opted_in(candor, "U01")
    assert leave_meanwhile(candor, step, come_back=False) == [NotOptedIn]
    candor.tick()
    assert files_alive(candor) == []
    assert messages_of(candor) == []
    with candor.sessions.begin() as session:
        assert set(held.rows_of(session, "U01")) == {"person"}
    assert queued(candor) == []


@pytest.mark.parametrize("step", STEPS)
def test_files_on_their_way_through_leaving_and_coming_back_go_with_the_next_leaving(candor: Candor, step: str) -> None:
    opted_in(candor, "U01")
    leave_meanwhile(candor, step, come_back=True)
    assert leaves(candor).left_in_slack == 0
    assert files_alive(candor) == []
    assert [text for text in messages_of(candor) if text == "As you asked."] == []


def leave_meanwhile(candor: Candor, step: str, *, come_back: bool) -> list[type[Exception]]:
    """Send a file, and leave (then come back) while Slack is busy with that step; returns what sending raised."""
    begun = threading.Event()
    refused: list[type[Exception]] = []

    def at_this_moment(args: dict[str, object]) -> bool:
        begun.set()
        return True

    def sending() -> None:
        try:
            send(candor)
        except (NotOptedIn, SlackApiError) as error:
            refused.append(type(error))

    candor.sandbox.faults.add(Fault(step, "slow", seconds=1.0, when=at_this_moment))
    thread = threading.Thread(target=sending)
    thread.start()
    assert begun.wait(5)
    leaves(candor)
    if come_back:
        candor.opt_in("U01", "claude-code")
    thread.join(10)
    assert not thread.is_alive()
    return refused


def to_be_deleted(candor: Candor, number: int) -> None:
    with candor.sessions.begin() as session:
        for each in range(number):
            deletions.queue(session, "message", "D404", f"{each}.0", START)


def deleted(candor: Candor) -> int:
    return sum(call.method in ("chat.delete", "files.delete") for call in candor.sandbox.workspace.calls)


def test_a_tick_deletes_fifty_and_the_next_ones_the_rest(candor: Candor) -> None:
    to_be_deleted(candor, 120)
    left = []
    for _ in range(3):
        candor.tick()
        left.append(len(queued(candor)))
    assert left == [70, 20, 0]


def test_a_tick_begins_no_deletion_when_its_time_is_over(candor: Candor) -> None:
    to_be_deleted(candor, 9)
    stint = Stint(seconds=20, monotonic=lambda: 7.0 * deleted(candor))
    assert delete_in_slack(candor.sessions, candor.client, candor.clock(), stint=stint) == 6


def test_a_bot_that_is_told_to_stop_ends_after_the_deletion_at_hand(candor: Candor) -> None:
    to_be_deleted(candor, 9)

    def told(args: dict[str, object]) -> bool:
        if args["ts"] == "2.0":
            candor.outbox.stop()
        return False

    candor.sandbox.faults.add(Fault("chat.delete", "ok", when=told))
    candor.tick()
    assert [item.ref for item in queued(candor)] == [f"{each}.0" for each in range(3, 9)]


def test_whoever_leaves_waits_for_slack_no_longer_than_twenty_seconds(candor: Candor) -> None:
    opted_in(candor, "U01")
    send(candor, number=30)
    left = leave(
        candor.sessions, candor.client, person(candor), candor.clock, monotonic=lambda: float(deleted(candor))
    ).left_in_slack
    assert (left, len(queued(candor))) == (11, 11)
    candor.tick()
    assert (queued(candor), files_alive(candor)) == ([], [])
