"""The results of all pulses, put in the order in which they are read: promise by promise, newest first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.pulse.composing.bank import promised
from bot.pulse.questions import Question
from bot.pulse.tallying import Segment
from storage import ballots, policies, replies, waves
from storage.database import Session
from storage.tables import Wave

SEGMENTS: Sequence[Segment] = ("everyone", "leaders", "others")
# In this order the questions that are about no promise are shown; comments have no answers to count.
_KINDS = ("clarity", "candour", "action", "gaming", "own")


@dataclass(frozen=True)
class Bands:
    """What is shown of one question for one segment: bands 0 to 4, None where it is not shown."""

    share: int | None = None
    unsure: int | None = None


HIDDEN = Bands()


@dataclass(frozen=True)
class Answer:
    """What one pulse showed of a question. `asked` is the UTC day on which it opened, `version` the policy's; `outcome`
    is "results", "too few" or "stopped"."""

    pulse: int
    asked: date
    version: int
    outcome: str
    bands: Mapping[Segment, Bands]

    def of(self, segment: Segment) -> Bands:
        """What is shown of this segment."""
        return self.bands.get(segment, HIDDEN)


@dataclass(frozen=True)
class Item:
    """One question, in the words of the newest pulse that asked it, with what each showed, newest first."""

    question: Question
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Reply:
    """What HR wrote about a promise on a UTC day, after the pulse with this number."""

    day: date
    pulse: int
    text: str


@dataclass(frozen=True)
class Promise:
    """One promise clause. `item` is None while no pulse that has closed asked about it; `in_force` is whether the
    policy in force makes it."""

    clause: str
    in_force: bool
    item: Item | None
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Results:
    """All that is shown. `waves` are the closed ones, newest first; `items` are about no promise."""

    waves: tuple[Wave, ...]
    promises: tuple[Promise, ...]
    items: tuple[Item, ...]

    @property
    def commented(self) -> Wave | None:
        """The newest pulse with results: of this one comments are shown."""
        return next((wave for wave in self.waves if wave.outcome == "results"), None)

    def promise(self, question: str) -> Promise | None:
        """The promise that a question with this id asks about, once a pulse that has closed asked it."""
        asked = (each for each in self.promises if each.item is not None)
        return next((each for each in asked if each.item and each.item.question.id == question), None)


def read(session: Session, now: datetime) -> Results:
    """All results, by the policy in force at `now`."""
    return results_of(session, waves.closed(session), now)


def results_of(session: Session, waves: Sequence[Wave], now: datetime) -> Results:
    """The same; `waves` are those that have closed, oldest first."""
    closed = tuple(reversed(waves))
    # Before the first has closed there is nothing to read of any, and nobody has replied.
    items, written = (_items(closed, _shown(session)), _replies(session)) if closed else ([], {})
    headings = promised(policies.clauses_in_force(session, now))
    return Results(
        waves=closed,
        promises=tuple(_promises(headings, items, written)),
        items=tuple(sorted((each for each in items if each.question.clause is None), key=_rank)),
    )


def comments(session: Session, results: Results) -> Sequence[str]:
    """The comments that are shown, in an order that says nothing of when they came."""
    wave = results.commented
    return ballots.comments(session, wave.id) if wave else ()


def _shown(session: Session) -> Mapping[tuple[str, str], Mapping[Segment, Bands]]:
    """By (wave, question)."""
    shown: dict[tuple[str, str], dict[Segment, Bands]] = defaultdict(dict)
    for tally in ballots.tallies(session):
        for segment in SEGMENTS:
            if tally.segment == segment:
                shown[tally.wave, tally.question][segment] = Bands(tally.share, tally.unsure)
    return shown


def _items(closed: Iterable[Wave], shown: Mapping[tuple[str, str], Mapping[Segment, Bands]]) -> list[Item]:
    """Of each question one item; the waves are given newest first."""
    questions: dict[tuple[str, str], Question] = {}
    answers: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for wave in closed:
        for question in map(Question.model_validate, wave.questions):
            if question.scale is None:
                continue
            # In other words it is another question; a promise is the same one as long as its heading is.
            same = ("belief", question.clause) if question.clause is not None else (question.id, question.text)
            questions.setdefault(same, question)
            answers[same].append(_answer(wave, shown.get((wave.id, question.id), {})))
    return [Item(question, tuple(answers[same])) for same, question in questions.items()]


def _answer(wave: Wave, bands: Mapping[Segment, Bands]) -> Answer:
    return Answer(wave.number, wave.opened_at.date(), wave.policy_number, wave.outcome or "", bands)


def _promises(
    headings: Sequence[str], items: Sequence[Item], written: Mapping[str, Sequence[Reply]]
) -> Iterable[Promise]:
    """The promises of the policy in force, in its order; then those that it no longer makes."""
    asked = {each.question.clause: each for each in items if each.question.clause is not None}
    for clause in dict.fromkeys([*headings, *asked]):
        yield Promise(clause, clause in headings, asked.get(clause), tuple(written.get(clause, ())))


def _replies(session: Session) -> Mapping[str, Sequence[Reply]]:
    written: dict[str, list[Reply]] = defaultdict(list)
    for each in replies.every(session):
        written[each.clause].append(Reply(each.written_at.date(), each.wave, each.text))
    return written


def _rank(item: Item) -> int:
    return _KINDS.index(item.question.kind)
