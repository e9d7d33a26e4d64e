"""Where somebody who opted in stands: the terms that bind what is held of them, beside those in force."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.policy.asking.keepers import keeper, kept_values, stands_behind
from bot.policy.asking.library import Book, IndexedClause, Library
from bot.policy.asking.reply import Kind, Quote, Stricter
from bot.policy.binding import binding
from bot.policy.bounds import LOOSER, Change, Version, compare, differ
from bot.policy.terms import Terms, flat
from bot.policy.versions import terms_of
from bot.weeks import WEEK, monday
from storage import consents, policies
from storage.database import Session
from storage.holdings import Holding
from storage.tables import PolicyVersion

# A message has room for so many; of further versions it says only in which terms they hold.
MOST_PASSAGES = 3


@dataclass(frozen=True)
class Standing:
    """`terms` bind the person, who opted in to version number `agreed`; `others` are the versions whose terms may be
    stricter for them than those of `current`, the one in force: the newest first. `ahead`: the terms that bind them
    from the day on which a version takes effect that is published already."""

    terms: Terms
    agreed: int
    current: PolicyVersion
    others: tuple[Version, ...]
    ahead: tuple[tuple[date, Terms], ...] = ()

    def stricter(
        self, library: Library, session: Session, question: str, quotes: Sequence[Quote]
    ) -> tuple[Stricter, ...]:
        """Where the terms behind the quoted clauses are stricter for the person, by the version that makes them so."""
        clauses = library.book(self.current).clauses
        quoted = [clauses[quote.clause] for quote in quotes]
        by_version: dict[int, list[Change]] = {}
        for change in self._changes():
            if any(stands_behind(change.term, clause.author) for clause in quoted):
                by_version.setdefault(self._source(change), []).append(change)
        found: list[Stricter] = []
        for number, changes in sorted(by_version.items()):
            version = policies.by_number(session, number) if len(found) < MOST_PASSAGES else None
            passage = _passage(version, library, question, quoted, changes) if version else None
            found.append(Stricter(number, passage, tuple(changes)))
        return tuple(found)

    def _changes(self) -> list[Change]:
        """From the person's terms to those in force, where they differ in a term that both have."""
        changes = compare(self.terms, terms_of(self.current))
        return [each for each in changes if each.direction in LOOSER and each.old is not None]

    def _source(self, change: Change) -> int:
        """The newest version with the value that binds the person; where it is a blend of several, the agreed one."""
        found = (each.number for each in self.others if not differ(flat(each.terms).get(change.term), change.old))
        return next(found, self.agreed)


def standing(session: Session, person_id: str, current: PolicyVersion, now: datetime) -> Standing | None:
    """Where the person stands; None when they have not opted in."""
    record = consents.get(session, person_id)
    if record is None:
        return None
    bound = binding(session, now)
    agreed = bound.hashes[record.consent.policy_hash]
    # Of a coming version that they agreed to only itself counts, not those that were published on the way to it.
    since = range(agreed, max(current.number, agreed + 1))
    others = tuple(each for each in reversed(bound.versions) if each.number in since and each.number != current.number)
    coming = [each.in_force_from for each in bound.versions if each.in_force_from > now]
    terms_then = ((when, replace(bound, now=when).of_consent(record.consent.policy_hash)) for when in coming)
    ahead = tuple((when.date(), terms) for when, terms in terms_then)
    return Standing(bound.of_consent(record.consent.policy_hash), agreed, current, others, ahead)


def quote_of(version: PolicyVersion, clause: IndexedClause, text: str) -> Quote:
    """A passage of that clause, with who keeps it."""
    terms = flat(terms_of(version))
    by, kept = keeper(clause.author, terms), kept_values(clause.author, terms)
    return Quote(version.number, clause.number, clause.part.heading, text, by, kept)


def kinds_held(found: Iterable[Holding], own: Standing) -> tuple[Kind, ...]:
    """What is held, each kind with the day on which its oldest row goes: by the terms that bind now, or by those of a
    coming version once it takes effect, whichever is earlier."""
    return tuple(Kind(each.kind, each.rows, each.oldest, _goes(each, own)) for each in found)


def _goes(held: Holding, own: Standing) -> date:
    weeks = getattr(own.terms.retention_weeks, held.kind)
    later = ((day, getattr(terms.retention_weeks, held.kind)) for day, terms in own.ahead)
    return min([goes_on(held.oldest, weeks), *(max(day, goes_on(held.oldest, then)) for day, then in later)])


def goes_on(day: date, weeks: int) -> date:
    """The day on which a row of `day` goes that is kept for `weeks`: whole weeks are deleted, on Mondays."""
    return monday(day + timedelta(weeks=weeks)) + WEEK


def _passage(
    version: PolicyVersion, library: Library, question: str, quoted: Sequence[IndexedClause], changes: Sequence[Change]
) -> Quote | None:
    """What that version says of the same: its own answer to the question, or else its whole clause."""
    book = library.book(version)
    same = [each for each in book.clauses if _is_same(each, quoted, changes)]
    if not same:
        return None
    clause, text = next(_said(book, question, same), (same[0], same[0].part.body))
    return quote_of(version, clause, text) if text else None


def _is_same(clause: IndexedClause, quoted: Sequence[IndexedClause], changes: Sequence[Change]) -> bool:
    """Whether the clause is about those terms; in the first versions, which named none, by its heading."""
    if clause.author.terms:
        return any(stands_behind(change.term, clause.author) for change in changes)
    return any(clause.part.heading == each.part.heading for each in quoted)


def _said(book: Book, question: str, among: Sequence[IndexedClause]) -> Iterator[tuple[IndexedClause, str]]:
    for passage in book.index.ask(question).passages:
        if (clause := book.clause_of(passage)) in among:
            yield clause, passage.quote
