"""Answering one question, from the version in force and, for whoever is bound by an older one, from that too."""

from datetime import datetime

from bot.policy.answers import Answer
from bot.policy.asking.languages import language_to_name
from bot.policy.asking.library import Book, Library
from bot.policy.asking.reply import Held, Quote, Reply
from bot.policy.asking.standing import Standing, kinds_held, quote_of, standing
from storage import consents, holdings, policies
from storage.database import Session
from storage.tables import PolicyVersion

EXAMPLES = 3


def answered(
    library: Library,
    session: Session,
    policy: PolicyVersion,
    asker: str,
    question: str,
    about: str | None,
    now: datetime,
) -> Reply:
    """What `policy`, the version in force, says to this question of this person; only reads.

    `about` is the heading that a question in a thread follows.
    """
    book = library.book(policy)
    found = book.index.ask(question, about=about)
    quotes, own = _quotes(policy, book, found), standing(session, asker, policy, now)
    newest = policies.newest(session)
    return Reply(
        question=question,
        title=policy.title,
        contact=policy.contact,
        version=policy.number,
        since=policy.in_force_from,
        headings=book.headings,
        examples=_examples(book),
        tier=found.tier,
        refusal=found.refusal,
        about_me=found.about_me,
        quotes=quotes,
        stricter=own.stricter(library, session, question, quotes) if own else (),
        held=_held(session, asker, own) if own and found.about_me else None,
        language=language_to_name(policy.language, book, question),
        coming=(newest.number, newest.in_force_from.date()) if newest and newest.number > policy.number else None,
    )


def _quotes(policy: PolicyVersion, book: Book, found: Answer) -> tuple[Quote, ...]:
    clauses = [(book.clause_of(passage), passage.quote) for passage in found.passages]
    return tuple(quote_of(policy, clause, text) for clause, text in clauses)


def _examples(book: Book) -> tuple[str, ...]:
    """One question of each of the first clauses that have any."""
    return tuple(each.author.questions[0] for each in book.clauses if each.author.questions)[:EXAMPLES]


def _held(session: Session, asker: str, own: Standing) -> Held | None:
    record = consents.get(session, asker)
    if record is None:
        return None
    kinds = kinds_held(holdings.of(session, asker), own)
    return Held(own.agreed, record.consent.figures_in_dm, kinds)
