"""How well and how fast questions are answered, beside SQLite FTS5 and plain BM25 over the same sections.

Measured on the half of the questions that the engine was not built with.
"""

import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice

from bot.policy.answers import Section
from tests.bench import answers_peers
from tests.bench.lines import Line, at_most
from tests.bench.size import Size
from tests.policy.answers.measuring import Ask, Engine, Figures, figures, ours, outcomes, policy_sections
from tests.policy.evaluation.labels import POLICIES, Labelled, Split, labelled

PART: Split = "test"
WORDS_OF_100_PAGES = 50_000
LEAST = {True: (0.75, 0.92), False: (0.60, 0.85)}


def with_questions(size: Size) -> list[Line]:
    """Shares, with the authors' questions."""
    return _quality("answers-with-questions", True)


def without_questions(size: Size) -> list[Line]:
    """The same shares without them."""
    return _quality("answers-without-questions", False)


def _quality(name: str, questions: bool) -> list[Line]:
    found = figures(outcomes(PART, questions))
    bm25, fts5 = (_peer(engine, questions) for engine in (answers_peers.bm25, answers_peers.fts5))
    first, third = LEAST[questions]
    return [
        _at_least(name, found.at_1, bm25.at_1, first),
        _at_least(f"{name} @1, FTS5", found.at_1, fts5.at_1, first),
        _at_least(f"{name} @3, BM25", found.at_3, bm25.at_3, third),
        _at_least(f"{name} @3, FTS5", found.at_3, fts5.at_3, third),
        _at_least(f"{name} right, BM25", found.right, bm25.right, 0.72),
        _at_least(f"{name} right, FTS5", found.right, fts5.right, 0.72),
        _at_least(f"{name} answered", found.answered, bm25.answered, 0.50),
        _at_least(f"{name} answered right", found.answered_right, bm25.answered_right, 0.85),
        _at_least(f"{name} unanswerable: no answer", 1 - found.answered_wrongly, 1 - bm25.answered_wrongly, 0.90),
        _at_least(f"{name} unanswerable: not even the closest", 1 - found.closest_wrongly, 0.01, 0.50),
    ]


def _peer(engine: Callable[[Sequence[Section]], answers_peers.Rank], questions: bool) -> Figures:
    asked: list[tuple[answers_peers.Rank, Labelled]] = []
    for policy in POLICIES:
        rank = engine(policy_sections(policy, questions))
        asked += [(rank, item) for item in labelled(policy, PART)]
    return figures(answers_peers.outcomes(asked))


def _at_least(name: str, ours: float, floor: float, least: float) -> Line:
    return Line(name, ours, max(floor, 0.01), "share", f"ours ≥ {least:g}", ours >= least)


def speed(size: Size) -> list[Line]:
    """Milliseconds of a question, and seconds to load 100 pages, ours beside FTS5 in memory."""
    short, long = policy_sections("sample", True), hundred_pages()
    asked = [item.question for policy in POLICIES for item in labelled(policy)]
    peer = answers_peers.asking(answers_peers.fts5)
    (p50, p99), (peer_50, peer_99) = (_times(engine(short), asked, size) for engine in (ours, peer))
    long_50, long_99, load = _loaded(ours, long, asked, size)
    peer_long_50, peer_long_99, peer_load = _loaded(peer, long, asked, size)
    return [
        at_most("answers-speed", p99, peer_99, "ms", 2),
        Line("answers-speed, median", p50, peer_50, "ms"),
        at_most("answers-speed, 100 pages", long_99, peer_long_99, "ms", 10),
        Line("answers-speed, 100 pages, median", long_50, peer_long_50, "ms"),
        at_most("answers-speed, load of 100 pages", load, peer_load, "s", 1),
    ]


def _loaded(
    engine: Engine, sections: Sequence[Section], asked: Sequence[str], size: Size
) -> tuple[float, float, float]:
    """(median ms, p99 ms, seconds to load): the load is the best of the repeats."""
    loads = []
    for _ in range(size.repeats):
        started = time.perf_counter()
        ask = engine(sections)
        loads.append(time.perf_counter() - started)
    return (*_times(ask, asked, size), min(loads))


def _times(ask: Ask, asked: Sequence[str], size: Size) -> tuple[float, float]:
    """(median, 99th percentile) in ms; each question's is the best of the repeats: other processes get in between."""
    took = sorted(min(_time(ask, question) for _ in range(size.repeats)) for question in asked)
    return took[len(took) // 2], took[int(len(took) * 0.99)]


def _time(ask: Ask, question: str) -> float:
    started = time.perf_counter()
    ask(question)
    return 1_000 * (time.perf_counter() - started)


def hundred_pages() -> list[Section]:
    """The sections of the evaluation's policies, over and over, to the length of 100 pages."""
    sections = [section for policy in POLICIES for section in policy_sections(policy, True)]
    words = sum(len(section.text.split()) for section in sections)
    copies = islice(enumerate(cycle(sections)), len(sections) * WORDS_OF_100_PAGES // words)
    return [Section(f"{each.heading} ({number})", each.text, each.questions, each.path) for number, each in copies]
