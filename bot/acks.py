"""How long Slack waits for an answer, and of which requests nothing may be known."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from contextvars import copy_context
from typing import Any, ParamSpec, TypeVar

from slack_bolt import App, BoltRequest, BoltResponse

from bot.edge import bare_word
from bot.logs import unlogged

P = ParamSpec("P")
T = TypeVar("T")

# What is typed to open a ballot.
PULSE = "pulse"
_BALLOT = "ballot."


class TimedApp(App):
    """A Bolt app that tells `acked` the seconds from a request's arrival to its acknowledgement.

    Requests that are refused (a wrong signature, nobody who listens) are not Slack's, or not acknowledged: they are
    not told. Neither are those that leave no trace, of which nothing at all is logged. `monotonic` is in seconds.
    """

    def __init__(
        self,
        *args: Any,
        acked: Callable[[float], None],
        monotonic: Callable[[], float] = time.monotonic,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self._acked = acked
        self._now_s = monotonic

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Have the request answered by the first listener that wants it."""
        if leaves_no_trace(req.body):
            with unlogged():
                return super().dispatch(req)
        began = self._now_s()
        answer = super().dispatch(req)
        if answer.status < 300:
            self._acked(self._now_s() - began)
        return answer


class Carrying(Executor):
    """Runs things in another executor as silently as the thread that hands them in."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have it run; its log lines are dropped if those of this thread are."""
        context = copy_context()
        return self._threads.submit(lambda: context.run(fn, *args, **kwargs))


def leaves_no_trace(body: Mapping[str, Any]) -> bool:
    """Whether a request is about a ballot: its button, its form, or the word that opens it."""
    named = [action.get("action_id") for action in _dicts(body.get("actions"))]
    named += [view.get("callback_id") for view in _dicts([body.get("view")])]
    if any(isinstance(name, str) and name.startswith(_BALLOT) for name in named):
        return True
    typed = [body.get("text")] if "command" in body else [event.get("text") for event in _dicts([body.get("event")])]
    return any(isinstance(text, str) and bare_word(text) == PULSE for text in typed)


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
