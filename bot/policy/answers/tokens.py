"""Text to stems: one spelling, one form of a word, whatever was typed."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

import snowballstemmer

from bot.policy.answers.lists import spellings, unstemmed

ALGORITHMS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "id": "indonesian", "it": "italian", "nb": "norwegian", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
Stem = Callable[[str], str]
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Written without spaces, these are compared by pairs of characters.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{2,}")
_POSSESSIVE = re.compile(r"(?<!what)(?<!who)(?<!it)(?<!that)(?<!there)(?<!where)(?<!how)(?<!let)(?<!he)(?<!here)'s$")
_AMERICAN = re.compile(r"(?<=[a-z]{3})(?:iz(?=e|ation|ing)|yz(?=e|ing))")
# The department, not the pronoun: only capitals tell them apart.
_DEPARTMENT = re.compile(r"\bIT\b")
_LOWER = re.compile(r"[a-z]")
_SHORT = {f"{word}s": (word, "is") for word in ("what", "who", "how", "where", "when", "why", "that", "there")}
_CACHED = 100_000


def words(text: str) -> list[str]:
    """The words of a text in order: lower case, plain apostrophes dropped, no possessive ending."""
    folded = _DEPARTMENT.sub("itdept", text) if _LOWER.search(text) else text
    folded = unicodedata.normalize("NFKC", folded).casefold().replace("’", "'").replace("‘", "'")
    found = _WORD.findall(folded)
    if "'" not in folded and folded.isascii():
        return found
    return [part for word in found for part in _parts(word)]


def spoken(text: str) -> list[str]:
    """The words of a text as `words` gives them, "what's" as two."""
    return [part for word in words(text) for part in _SHORT.get(word, (word,))]


def _parts(word: str) -> Iterator[str]:
    if _UNSPACED.fullmatch(word):
        yield from (word[at : at + 2] for at in range(len(word) - 1))
    else:
        yield _POSSESSIVE.sub("", word).replace("'", "")


def stemmer(language: str) -> Stem:
    """The function from a word to its stem; words of a language without a stemmer stay as they are."""
    name = ALGORITHMS.get(language.split("-")[0].lower())
    return _stemmer_of(name) if name else str


@lru_cache(maxsize=len(ALGORITHMS))
def _stemmer_of(name: str) -> Stem:
    light = snowballstemmer.stemmer(name)
    forms, kept = (spellings(), unstemmed()) if name == "english" else ({}, frozenset())

    @lru_cache(maxsize=_CACHED)
    def stem(word: str) -> str:
        plain = _british(forms.get(word, word)) if name == "english" else word
        return plain if plain in kept else str(light.stemWord(plain))

    return stem


def _british(word: str) -> str:
    return _AMERICAN.sub(lambda found: found[0][0] + "s", word)
