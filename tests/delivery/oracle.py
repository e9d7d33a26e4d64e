"""What has to be true after every step, and at rest: read from Slack's own log, not from what the outbox believes."""

from collections import Counter
from dataclasses import dataclass, field

from storage.deliveries import FINAL, State
from storage.tables import Delivery
from tests.delivery.world import World


@dataclass
class Oracle:
    """Watches `people` of a world; each message's text names its person, kind and week."""

    world: World
    people: tuple[str, ...]
    _ended: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def check(self) -> None:
        """Nothing is there twice, what is called sent is there, and what has ended stays as it ended."""
        self.world.slack.accept_late()
        there = self.messages()
        assert [text for text, number in Counter(there.values()).items() if number > 1] == [], "there twice"
        rows = self.world.rows()
        sent = {(row.person_id, row.channel, row.ts, row.id) for row in rows if row.state == State.SENT}
        assert sent <= set(there), "called sent, but not there"
        endings = {row.id: _ending(row) for row in rows if row.state in FINAL}
        assert self._ended.items() <= endings.items(), "a final row has changed"
        self._ended = endings

    def check_rest(self, opted_out: set[str], left: set[str]) -> None:
        """Every message has arrived, but for people who opted out or left, and every row says how it ended."""
        self.check()
        there = {delivery for _, _, _, delivery in self.messages()}
        for row in self.world.rows():
            match row.state:
                case State.SENT:
                    pass
                case State.DROPPED:
                    assert (row.reason, row.person_id in opted_out) == ("opted out", True)
                    assert row.id not in there, "dropped, but there"
                case State.FAILED:
                    assert row.reason and row.person_id in left, row.reason
                case unfinished:
                    raise AssertionError(f"not at rest: {unfinished}, {row.reason}")

    def messages(self) -> dict[tuple[str, str, str, str], str]:
        """(person, channel, ts, delivery) of each message that a person can see now, with its text."""
        return {
            (person, message.channel, message.ts, str(message.metadata["event_payload"]["id"])): message.text
            for person in self.people
            for message in self.world.messages(person)
            if message.metadata
        }


def _ending(row: Delivery) -> tuple[object, ...]:
    """All that counts of a row that has ended; `sweep_at` may be set and cleared later."""
    return row.state, row.reason, row.channel, row.ts, row.attempts, row.started_at, row.finished_at
