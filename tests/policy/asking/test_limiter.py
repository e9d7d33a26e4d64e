"""Fifty questions a minute from one person: ten answers, one message that says so, then silence."""

from bot.policy.asking import words
from bot.policy.asking.limiter import MINUTE_S, MOST, Limiter, Turn
from tests.candor import Candor
from tests.policy.asking.world import ask, issue, quotes_in

KEPT = "How long do you keep my figures?"


def test_ten_are_answered_one_says_so_and_then_there_is_silence_until_the_minute_is_over(candor: Candor) -> None:
    candor.join("U01")
    candor.join("U02")
    issue(candor, weeks=20)
    for _ in range(50):
        candor.sandbox.user("U01").say(KEPT)
    answers = candor.dms("U01")
    assert len(answers) == MOST + 1
    assert answers[-1].text == words.TOO_FAST
    assert all(quotes_in(answer.blocks) for answer in answers[:-1])
    assert quotes_in(ask(candor, "U02", KEPT).blocks)
    candor.clock.pass_by(seconds=MINUTE_S)
    assert quotes_in(ask(candor, "U01", KEPT).blocks)


def test_the_limit_holds_for_the_command_and_for_home_too(candor: Candor) -> None:
    candor.join("U01")
    user = candor.sandbox.user("U01")
    for _ in range(MOST):
        candor.sandbox.user("U01").say(KEPT)
    user.command("/candor", f"ask {KEPT}")
    assert words.TOO_MANY in str(candor.top_modal("U01"))
    user.close_modal()
    user.open_home()
    assert user.type_into("asking.field", KEPT, view=candor.sandbox.workspace.home("U01")).ok
    assert words.TOO_MANY in str(candor.top_modal("U01"))


def test_the_command_says_so_every_time_and_never_does_nothing(candor: Candor) -> None:
    candor.join("U01")
    user = candor.sandbox.user("U01")
    for _ in range(MOST):
        user.say(KEPT)
    for _ in range(5):
        user.command("/candor", f"ask {KEPT}")
        assert words.TOO_MANY in str(candor.top_modal("U01"))
        user.close_modal()


def test_commands_are_not_questions_and_always_do_something(candor: Candor) -> None:
    candor.join("U01")
    for _ in range(MOST + 5):
        candor.sandbox.user("U01").say(KEPT)
    assert "What you can type" in ask(candor, "U01", "help").text


def test_a_clock_that_is_set_back_silences_nobody_for_longer_than_a_minute() -> None:
    now = [1000.0]
    limiter = Limiter(lambda: now[0])
    turns = [limiter.turn("U01") for _ in range(MOST + 2)]
    assert turns[-2:] == [Turn.TOO_FAST, Turn.SILENCE]
    now[0] = 400.0
    assert limiter.turn("U01") is Turn.ANSWER


def test_nobody_is_remembered_when_their_minute_is_over() -> None:
    now = [0.0]
    limiter = Limiter(lambda: now[0])
    for number in range(1000):
        limiter.turn(f"U{number}")
    now[0] += MINUTE_S
    limiter.turn("U01")
    assert set(limiter._minutes) == {"U01"}
