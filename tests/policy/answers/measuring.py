"""How well labelled questions are answered: the figures of the table in docs/answers.md."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.policy.answers import Answer, Index, Section
from bot.policy.clauses import split
from bot.policy.document import read_policy
from bot.policy.draft import sections
from tests.policy.evaluation.labels import POLICIES, Labelled, Split, labelled

Ask = Callable[[str], Answer]
Engine = Callable[[Sequence[Section]], Ask]


@dataclass(frozen=True)
class Outcome:
    """One labelled question and what came of it."""

    item: Labelled
    answer: Answer

    @property
    def answerable(self) -> bool:
        return self.item.kind == "answerable"

    def within(self, first: int) -> bool:
        """A right section is among the first so many."""
        return any(heading in self.item.sections for heading in self.answer.sections[:first])

    @property
    def right(self) -> bool:
        if not self.answerable:
            return self.answer.tier != "answer"
        return self.answer.tier in ("answer", "closest") and self.within(2)


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1, as the issue defines them."""

    at_1: float
    at_3: float
    right: float
    answered: float
    answered_right: float
    answered_wrongly: float
    closest_wrongly: float


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """The figures over all outcomes; there are answerable and unanswerable ones among them."""
    found = list(outcomes)
    answerable = [outcome for outcome in found if outcome.answerable]
    others = [outcome for outcome in found if not outcome.answerable]
    answered = [outcome for outcome in answerable if outcome.answer.tier == "answer"]
    return Figures(
        at_1=_share(outcome.within(1) for outcome in answerable),
        at_3=_share(outcome.within(3) for outcome in answerable),
        right=_share(outcome.right for outcome in found),
        answered=len(answered) / len(answerable),
        answered_right=_share(outcome.within(1) for outcome in answered),
        answered_wrongly=_share(outcome.answer.tier == "answer" for outcome in others),
        closest_wrongly=_share(outcome.answer.tier == "closest" for outcome in others),
    )


def _share(holds: Iterable[bool]) -> float:
    all_of_them = list(holds)
    return sum(all_of_them) / len(all_of_them) if all_of_them else 0.0


def policy_sections(policy: str, questions: bool) -> list[Section]:
    """The sections of a policy of the evaluation, with or without its author's questions."""
    document = read_policy(POLICIES[policy])
    found = list(sections(split(document.text), document.clauses))
    return found if questions else [replace(section, questions=()) for section in found]


def ours(found: Sequence[Section]) -> Ask:
    """This engine over some sections."""
    return Index(found).ask


def outcomes(part: Split, questions: bool, engine: Engine = ours) -> list[Outcome]:
    """Every question of that part of the evaluation, put to an engine over its policy."""
    found = []
    for policy in POLICIES:
        ask = engine(policy_sections(policy, questions))
        found += [Outcome(item, ask(item.question)) for item in labelled(policy, part)]
    return found
