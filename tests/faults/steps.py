"""The steps at which a worker can die, and every way in which Slack can behave meanwhile."""

from enum import StrEnum

from bot.sandbox.faults import FaultKind


class Step(StrEnum):
    """A moment in the life of a worker."""

    PLAN_BEFORE = "plan-before"
    PLAN_AFTER = "plan-after"
    RECOVER_BEFORE = "recover-before"
    RECOVER_AFTER = "recover-after"
    CLAIM_BEFORE = "claim-before"
    CLAIM_AFTER = "claim-after"
    SENDING_BEFORE = "sending-before"
    SENDING_AFTER = "sending-after"
    BYTES_WRITTEN = "bytes-written"
    RESPONSE_READ = "response-read"
    MARK_BEFORE = "mark-before"
    MARK_AFTER = "mark-after"
    LOOK_UP_CLAIMED = "look-up-claimed"
    HISTORY_READ = "history-read"
    RECONCILE_BEFORE = "reconcile-before"
    RECONCILE_AFTER = "reconcile-after"


RECOVERING = frozenset({Step.RECOVER_BEFORE, Step.RECOVER_AFTER})
RECONCILING = frozenset({Step.LOOK_UP_CLAIMED, Step.HISTORY_READ, Step.RECONCILE_BEFORE, Step.RECONCILE_AFTER})

SLACK: tuple[FaultKind, ...] = (
    "ok",
    "drop_before",
    "drop_after",
    "reset_after",
    "hang_after",
    "accept_late",
    "half_body",
    "error_500_after",
    "error_500_before",
    "fatal_error_after",
    "html_200",
    "ratelimited",
)
