"""What others would do with the same sections and questions: SQLite FTS5 with Porter stems, and plain BM25."""

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence

import snowballstemmer

from bot.policy.answers import Answer, Section
from tests.policy.answers.measuring import Ask, Outcome
from tests.policy.evaluation.labels import Labelled

K1, B = 1.2, 0.75
# Of the unanswerable questions, a peer answers this share: its threshold is chosen on the very questions it is
# measured with, in its favour.
ANSWERED_WRONGLY = 0.10
_WORD = re.compile(r"\w+")
Rank = Callable[[str], list[tuple[float, str]]]


def fts5(sections: Sequence[Section]) -> Rank:
    """(score, heading) of every section that has a word of the question, by SQLite's BM25."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE VIRTUAL TABLE section USING fts5(heading, body, tokenize='porter unicode61')")
    connection.executemany("INSERT INTO section VALUES (?, ?)", [(each.heading, _body(each)) for each in sections])

    def rank(question: str) -> list[tuple[float, str]]:
        query = " OR ".join(f'"{word}"' for word in _WORD.findall(question.lower())) or '""'
        sql = "SELECT -bm25(section), heading FROM section WHERE section MATCH ? ORDER BY bm25(section) LIMIT 5"
        return connection.execute(sql, (query,)).fetchall()

    return rank


def bm25(sections: Sequence[Section]) -> Rank:
    """(score, heading) of every section, by BM25 over stems."""
    stem = snowballstemmer.stemmer("english").stemWord
    bags = [Counter(map(stem, _WORD.findall(f"{each.heading} {_body(each)}".lower()))) for each in sections]
    found_in = Counter(word for bag in bags for word in bag)
    average = sum(bag.total() for bag in bags) / len(bags)

    def weigh(word: str, bag: Counter[str]) -> float:
        rarity = math.log(1 + (len(bags) - found_in[word] + 0.5) / (found_in[word] + 0.5))
        return rarity * bag[word] * (K1 + 1) / (bag[word] + K1 * (1 - B + B * bag.total() / average))

    def rank(question: str) -> list[tuple[float, str]]:
        asked = [stem(word) for word in _WORD.findall(question.lower())]
        scored = [
            (sum(weigh(word, bag) for word in asked), each.heading) for bag, each in zip(bags, sections, strict=True)
        ]
        return sorted(scored, key=lambda pair: -pair[0])[:5]

    return rank


def _body(section: Section) -> str:
    return "\n".join((section.text, *section.questions))


def outcomes(asked: Sequence[tuple[Rank, Labelled]]) -> list[Outcome]:
    """Every question put to its policy's ranking. Above its threshold a peer answers; else it shows the closest."""
    ranked = [(item, rank(item.question)) for rank, item in asked]
    best = sorted((_best(found) for item, found in ranked if item.kind != "answerable"), reverse=True)
    threshold = best[int(ANSWERED_WRONGLY * len(best))]
    return [Outcome(item, _answer(found, threshold)) for item, found in ranked]


def _best(found: Sequence[tuple[float, str]]) -> float:
    return found[0][0] if found else 0.0


def _answer(found: Sequence[tuple[float, str]], threshold: float) -> Answer:
    headings = tuple(dict.fromkeys(heading for _, heading in found))[:3]
    return Answer("answer" if _best(found) > threshold else "closest", (), headings)


def asking(engine: Callable[[Sequence[Section]], Rank]) -> Callable[[Sequence[Section]], Ask]:
    """A peer in the shape of ours, to be timed."""
    return lambda sections: _timed(engine(sections))


def _timed(rank: Rank) -> Ask:
    return lambda question: _answer(rank(question), 0.0)
