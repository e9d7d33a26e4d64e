"""How long Slack waits for an answer."""

import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse


class TimedApp(App):
    """A Bolt app that tells `acked` the seconds from a request's arrival to its acknowledgement.

    Requests that are refused (a wrong signature, nobody who listens) are not Slack's, or not acknowledged: they are
    not told. `monotonic` is in seconds.
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
        began = self._now_s()
        answer = super().dispatch(req)
        if answer.status < 300:
            self._acked(self._now_s() - began)
        return answer
