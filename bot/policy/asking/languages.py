"""Which language to ask in: a question in another one finds nothing in the policy's words."""

from bot.policy.answers.lists import common_words
from bot.policy.answers.tokens import ALGORITHMS, words
from bot.policy.asking.library import Book

# Of so many words on, so small a part that is known means another language rather than a rare word.
FEWEST_WORDS = 3
HARDLY_ANY = 0.35


def language_to_name(language: str, book: Book, question: str) -> str | None:
    """The policy's language, in English, where the asker had better be told: it is not English, or hardly any word of
    the question is known in it. None otherwise."""
    code = language.split("-")[0].lower()
    if code == "en" and not _foreign(book, question):
        return None
    name = ALGORITHMS.get(code)
    return name.title() if name else f"the language “{language}”"


def _foreign(book: Book, question: str) -> bool:
    asked = words(question)
    known = sum(word in book.words or word in common_words() for word in asked)
    return len(asked) >= FEWEST_WORDS and known <= HARDLY_ANY * len(asked)
