"""What Slack and the network do to calls while the soak runs: every kind of fault, by chance."""

import random
from functools import partial
from typing import Any

from bot.sandbox.faults import Fault, FaultKind, Faults

SHARE = 0.2
FOREVER = 10**9
# A client of the soak gives up after 1 s; what Slack accepts late is there well before anybody looks for it.
SLOW_S = 1.2
LATE_S = 1.5
# Those that keep a worker waiting are rare: they would be all that it does.
WEIGHTS: dict[FaultKind, int] = {
    "drop_before": 6, "drop_after": 6, "reset_before": 6, "reset_after": 6, "half_body": 6, "error_500_before": 6,
    "error_500_after": 6, "fatal_error_after": 6, "internal_error_after": 6, "html_200": 6, "html_200_before": 6,
    "accept_late": 6, "ratelimited": 2, "slow": 1, "hang_before": 1, "hang_after": 1,
}  # fmt: skip


def storm(faults: Faults, seed: int, share: float = SHARE) -> None:
    """From now on `share` of all calls fail, until `faults.clear()`."""
    chance, left = random.Random(seed), 1.0
    for kind, weight in WEIGHTS.items():
        mine = share * weight / sum(WEIGHTS.values())
        # A fault is asked only when none before it struck.
        strikes = partial(_by_chance, chance, mine / left)
        seconds = LATE_S if kind == "accept_late" else SLOW_S
        faults.add(Fault("*", kind, times=FOREVER, retry_after=1, seconds=seconds, when=strikes))
        left -= mine


def _by_chance(chance: random.Random, share: float, _args: dict[str, Any]) -> bool:
    return chance.random() < share
