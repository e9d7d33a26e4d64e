"""The sums of many runs, and the words for one that is not as it should be."""

from tests.faults.matrix import Outcome


class Count:
    """Adds up outcomes; as text, the last line of the matrix."""

    def __init__(self) -> None:
        self.runs = self.kills = self.lost = self.doubled = self.unreached = self.amiss = 0
        self.last = ""

    def add(self, outcome: Outcome) -> None:
        verdict = outcome.verdict
        self.runs += 1
        self.kills += verdict.kills
        self.lost += len(verdict.lost)
        self.doubled += len(verdict.doubled)
        self.unreached += not outcome.reached
        self.amiss += bool(verdict.amiss or verdict.troubles)
        self.last = describe(outcome)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.amiss)

    def __str__(self) -> str:
        more = f", {self.unreached} steps not reached" if self.unreached else ""
        more += f", {self.amiss} runs amiss" if self.amiss else ""
        return f"{self.runs} runs, {self.kills} real kills, {self.lost} lost, {self.doubled} doubled{more}"


def describe(outcome: Outcome) -> str:
    """What one run was, and what came of it; with its seed, so that it can be run again."""
    cell, verdict = outcome.cell, outcome.verdict
    words = [f"{cell.step} × {cell.slack}, seed {cell.seed}:"]
    words += [] if outcome.reached else ["step not reached;"]
    words += [f"lost {', '.join(verdict.lost)};"] if verdict.lost else []
    words += [f"doubled {', '.join(verdict.doubled)};"] if verdict.doubled else []
    return " ".join([*words, *verdict.amiss, *verdict.troubles])
