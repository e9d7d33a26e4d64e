"""The mistakes: each one line, or two where one rule is written down in two places, and the tests that see it."""

from dataclasses import dataclass

OUTBOX, MARKING, POSTING = "bot/delivery/outbox.py", "bot/delivery/marking.py", "bot/delivery/posting.py"
HISTORY = "bot/delivery/history.py"
DELIVERIES, LEASES, PACE = "storage/deliveries.py", "storage/leases.py", "storage/pace.py"
MOVES = "storage/moves.py"
FIRST_TABLES = "storage/migrations/versions/0001_the_first_tables.py"
STATEFUL = "tests/delivery/test_stateful.py"
FAULTS, OF_OUTBOX, OF_ROWS, LATE = (
    f"tests/delivery/{name}.py" for name in ("test_faults", "test_outbox", "test_deliveries", "test_late")
)


@dataclass(frozen=True)
class Edit:
    """`old` is in the file exactly once, and becomes `new`."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutation:
    """One mistake. `seen_by`: tests of which one has to fail. `played`: the state machine has to find it too, soon."""

    name: str
    edits: tuple[Edit, ...]
    seen_by: tuple[str, ...]
    played: bool = True


def _one(name: str, path: str, old: str, new: str, *seen_by: str, played: bool = True) -> Mutation:
    return Mutation(name, (Edit(path, old, new),), seen_by, played)


# The five that issue 3 names: in `make test`.
ASKED = (
    _one(
        "retry on ambiguous", OUTBOX,
        "self._mark.unknown(delivery, reason, tally)",
        "self._mark.put_off(delivery, reason, 0, tally)",
        f"{FAULTS}::test_a_message_that_arrived_unnoticed_is_found_and_not_posted_again",
    ),
    _one(
        "no settle", MARKING,
        "look_up_at = self._clock() + self._settings.settle",
        "look_up_at = self._clock()",
        f"{FAULTS}::test_an_unknown_outcome_is_not_looked_up_before_slack_has_had_time_to_settle",
    ),
    _one(
        "no deadline check", OUTBOX,
        "if self._monotonic() - stamp >= self._settings.timeout_s:",
        "if self._monotonic() < stamp:",
        f"{OF_OUTBOX}::test_a_worker_that_slept_past_its_deadline_does_not_post",
    ),
    Mutation(
        "no unique key",
        (
            Edit(FIRST_TABLES, "'week', name=op.f('uq_delivery", "'week', 'id', name=op.f('uq_delivery"),
            Edit(
                DELIVERIES,
                '.on_conflict_do_nothing(index_elements=["workspace_id", "person_id", "kind", "week"])',
                ".on_conflict_do_nothing()",
            ),
        ),
        (f"{OF_ROWS}::test_planning_twice_owes_one_message",),
    ),
    _one(
        "mark before post", DELIVERIES,
        'values = {"state": State.SENDING.value, "started_at": now,',
        'values = {"state": State.SENT.value, "started_at": now,',
        f"{FAULTS}::test_one_message_arrives_whatever_happens_to_the_first_post",
    ),
)  # fmt: skip

# Others, each a line that looks as if it could be left out: in `make mutations`.
MORE = (
    _one(
        "an unreadable history counts as an empty one", HISTORY,
        "return Unreadable(other.reason, final=other.reason in GONE)",
        "return Absent()",
        f"{FAULTS}::test_while_the_history_cannot_be_read_nothing_is_sent_again",
    ),
    _one(
        "only the first page of the history is read", HISTORY,
        '        cursor = (answer.get("response_metadata") or {}).get("next_cursor")',
        "        return",
        f"{FAULTS}::test_a_history_of_many_pages_is_read_to_its_end",
        played=False,
    ),
    _one(
        "the history is read from the post on, by Slack's clock", HISTORY,
        "MARGIN = timedelta(minutes=10)",
        "MARGIN = timedelta(0)",
        f"{LATE}::test_a_message_is_found_though_slacks_clock_runs_behind",
        played=False,
    ),
    _one(
        "Slack's client sends again by itself", POSTING,
        "retry_handlers=[],",
        "retry_handlers=None,",
        f"{FAULTS}::test_a_message_that_arrived_unnoticed_is_found_and_not_posted_again",
    ),
    _one(
        "the fence is not raised by who gives a message back", DELIVERIES,
        'return {**FREE, "fence": delivery.fence + 1}',
        "return {**FREE}",
        f"{OF_ROWS}::test_who_gave_a_message_back_changes_nothing_once_another_holds_it",
        played=False,
    ),
    _one(
        "the fence is not raised by who takes a claim over", LEASES,
        'ready = {"state": State.READY.value, "fence": Delivery.fence + 1}',
        'ready = {"state": State.READY.value}',
        f"{OF_ROWS}::test_an_expired_claim_is_set_free_and_its_old_holder_changes_nothing",
        played=False,
    ),
    _one(
        "the fence is not looked at", MOVES,
        '_ROW.c.fence == bindparam("held_fence")',
        '_ROW.c.fence >= bindparam("held_fence")',
        f"{OF_ROWS}::test_an_expired_claim_is_set_free_and_its_old_holder_changes_nothing",
    ),
    _one(
        "the state is not looked at", MOVES,
        "_ROW.c.state == source for",
        "_ROW.c.state.is_not(None) for",
        f"{LATE}::test_what_has_ended_stays_as_it_ended",
    ),
    _one(
        "a takeover does not wait for Slack to settle", OUTBOX,
        "look_up_at = now + max(timedelta(0), self._settings.settle - since_begun)",
        "look_up_at = now",
        f"{LATE}::test_a_post_of_a_dead_worker_is_not_looked_up_before_slack_has_settled",
        played=False,
    ),
    _one(
        "a takeover counts from the intent, not from the last moment to post", OUTBOX,
        "since_begun = self._settings.lease - timedelta(seconds=self._settings.timeout_s)",
        "since_begun = self._settings.lease",
        f"{LATE}::test_a_post_of_a_dead_worker_is_not_looked_up_before_slack_has_settled",
        played=False,
    ),
    _one(
        "the lease is not renewed by the intent", DELIVERIES,
        '"started_at": now, "lease_until": now + lease}',
        '"started_at": now}',
        f"{LATE}::test_the_intent_to_post_holds_the_message_for_a_whole_lease",
        played=False,
    ),
    _one(
        "a 429 stops only who met it", PACE,
        "blocked_until=until)",
        "blocked_until=running)",
        f"{OF_OUTBOX}::test_a_429_stops_every_worker_until_slack_allows_it",
        played=False,
    ),
    _one(
        "the gate is not asked again before each post", DELIVERIES,
        "return move_if_open(session, delivery, State.CLAIMED, now, **values)",
        "return move(session, delivery, [State.CLAIMED], **values)",
        f"{OF_OUTBOX}::test_a_429_met_by_one_worker_stops_another_in_the_middle_of_its_batch",
        played=False,
    ),
    _one(
        "an unknown outcome is looked up by everybody at once", LEASES,
        ".values(not_before=try_again).returning(Delivery)",
        ".values(not_before=now).returning(Delivery)",
        f"{OF_ROWS}::test_an_unknown_outcome_is_looked_up_by_one_worker_at_a_time",
        played=False,
    ),
    _one(
        "a lease that still runs is taken over", LEASES,
        "col(Delivery.lease_until) < now)",
        "col(Delivery.lease_until).is_not(None))",
        f"{OF_ROWS}::test_a_lease_that_still_runs_is_not_taken_over",
    ),
    _one(
        "a post whose lease ended is tried again", LEASES,
        'unknown = {"state": State.UNKNOWN.value, "reason"',
        'unknown = {"state": State.READY.value, "reason"',
        f"{LATE}::test_a_post_of_a_dead_worker_is_not_looked_up_before_slack_has_settled",
    ),
    _one(
        "the keys of the open week are purged", DELIVERIES,
        "col(Delivery.week) < before_week)",
        "col(Delivery.week) <= before_week)",
        f"{OF_ROWS}::test_purging_keeps_the_open_week_and_whatever_is_not_finished",
        played=False,
    ),
)  # fmt: skip

ALL = ASKED + MORE
