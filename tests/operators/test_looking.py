"""Asking a database that may not answer."""

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.operators.looking import DatabaseAwayError, Look, Patient
from bot.pulse.keys import KeyDirectory
from storage.database import SessionFactory, open_engine, session_factory


def test_who_asks_while_the_question_is_under_way_waits_for_the_same_answer() -> None:
    begun, go_on, asked = threading.Event(), threading.Event(), []

    def question() -> int:
        asked.append(threading.get_ident())
        begun.set()
        go_on.wait()
        return len(asked)

    patient, answers = Patient(question, 60), list[int]()
    askers = [threading.Thread(target=lambda: answers.append(patient.ask())) for _ in range(5)]
    askers[0].start()
    begun.wait()
    for asker in askers[1:]:
        asker.start()
    go_on.set()
    for asker in askers:
        asker.join()
    # A thread that the machine starts late may ask anew; never do two questions run at once.
    assert len(answers) == 5 and max(answers) == len(asked) <= 5
    assert patient.ask() == len(asked)


def test_a_question_that_never_comes_back_holds_up_one_thread_only() -> None:
    go_on = threading.Event()
    patient = Patient(go_on.wait, 0.01)
    before = threading.active_count()
    for _ in range(20):
        with pytest.raises(TimeoutError):
            patient.ask()
    assert threading.active_count() == before + 1
    go_on.set()
    assert Patient(lambda: True, 60).ask()


def test_what_the_question_raises_is_raised_to_who_asked() -> None:
    patient = Patient(lambda: 1 // 0, 60)
    with pytest.raises(ZeroDivisionError):
        patient.ask()


def test_a_database_that_gives_no_answer_in_time_is_away_and_back_when_it_does(
    sessions: SessionFactory, tmp_path: Path
) -> None:
    engine: Engine = sessions.kw["bind"]
    with ExitStack() as held:
        # All connections that this process may have: the question waits for one.
        for _ in range(15):
            held.enter_context(engine.connect())
        look = Look(sessions, "T1", KeyDirectory(tmp_path), patience_s=0.01)
        with pytest.raises(DatabaseAwayError, match=r"no answer within 0.01 s"):
            look.answers()
    Look(sessions, "T1", KeyDirectory(tmp_path), patience_s=60).answers()


def test_a_server_that_is_not_there_is_away_and_its_address_is_not_told(tmp_path: Path) -> None:
    engine = open_engine("postgresql://canary:secret@127.0.0.1:9/x")
    look = Look(session_factory(engine), "T1", KeyDirectory(tmp_path), patience_s=60)
    with pytest.raises(DatabaseAwayError, match="it cannot be reached") as error:
        look.snapshot()
    assert "canary" not in str(error.value) and "127" not in str(error.value)
    engine.dispose()
