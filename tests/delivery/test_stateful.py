"""Whatever happens in whatever order: hypothesis looks for the run of bad luck that loses or doubles a message.

The same examples every time, so that a failure is never another's bad luck. `CANDOR_EXAMPLES=5000` looks further, from
a seed that is printed, or from `CANDOR_SEED`; `CANDOR_SHRINK=no` stops at the first failure, long as it may be.
"""

import logging
import os
import random

import pytest
import structlog
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.delivery.machine import Ticking, on
from tests.delivery.world import Clock, World

FIXED_SEED = 20261123
# What differs between the databases is in their statements, not in the order of events: a few examples show it.
EXAMPLES = {"sqlite": 30, "postgresql": 6}


@pytest.fixture(autouse=True)
def quiet() -> None:
    """A failure shows its few steps, not the log of all the examples before."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture
def clock() -> Clock:
    return Ticking()


def test_no_run_of_bad_luck_loses_or_doubles_a_message(world: World) -> None:
    further = os.environ.get("CANDOR_EXAMPLES")
    examples = int(further or EXAMPLES[world.sessions.kw["bind"].dialect.name])
    chosen = int(os.environ.get("CANDOR_SEED") or (random.randrange(2**32) if further else FIXED_SEED))
    print(f"again: CANDOR_EXAMPLES={examples} CANDOR_SEED={chosen}")
    phases = [Phase.generate] if os.environ.get("CANDOR_SHRINK") == "no" else [Phase.generate, Phase.shrink]
    looking = settings(
        max_examples=examples,
        stateful_step_count=8,
        phases=phases,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(chosen)(on(world)), settings=looking)
