"""What has to hold after every run, whatever broke: the local workspace's own log is the witness."""

import signal
from dataclasses import dataclass

from storage.deliveries import State
from tests.faults.stage import Stage


@dataclass(frozen=True)
class Verdict:
    """`lost` and `doubled` people; what else is `amiss` and which `troubles` workers had, in words; real kills."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    amiss: tuple[str, ...]
    troubles: tuple[str, ...]
    kills: int

    @property
    def exactly_once(self) -> bool:
        """Everybody has their one message, every row is final and says so, and no worker ended by itself."""
        return not (self.lost or self.doubled or self.amiss)

    @property
    def good(self) -> bool:
        """As `exactly_once`, and no worker met a trouble that it did not expect."""
        return self.exactly_once and not self.troubles


def judge(stage: Stage) -> Verdict:
    """One message a person in the log and still there, one row a person and sent; killed workers died of SIGKILL."""
    posted = {who: stage.posted(who) for who in stage.people}
    lost = tuple(who for who, messages in posted.items() if not any(not each.deleted for each in messages))
    doubled = tuple(who for who, messages in posted.items() if len(messages) > 1)
    kills = [worker for worker in stage.workers if worker.exit_code == -signal.SIGKILL]
    troubles = tuple(trouble for worker in stage.workers for trouble in worker.troubles)
    return Verdict(lost, doubled, (*_rows_amiss(stage), *_workers_amiss(stage)), troubles, len(kills))


def _rows_amiss(stage: Stage) -> list[str]:
    rows = stage.rows()
    amiss = [f"{row.person_id} is {row.state} ({row.reason})" for row in rows if row.state != State.SENT]
    if sorted(row.person_id for row in rows) != sorted(stage.people):
        amiss.append(f"{len(rows)} deliveries for {len(stage.people)} people")
    return amiss


def _workers_amiss(stage: Stage) -> list[str]:
    codes = [worker.exit_code for worker in stage.workers]
    return [f"a worker ended with {code}" for code in codes if code not in (None, -signal.SIGKILL)]
