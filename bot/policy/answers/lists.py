"""The word lists that come with the engine, read once."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "words"


def lines(name: str) -> Iterator[str]:
    """The lines of a list, without empty ones and comments."""
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@cache
def spellings() -> Mapping[str, str]:
    """Written form to the one form that is used for it."""
    pairs = (line.removeprefix("=").partition(":") for line in lines("spellings.txt"))
    return {form: word for word, _, forms in pairs for form in forms.split()}


@cache
def unstemmed() -> frozenset[str]:
    """Words that are their own stems."""
    return frozenset(line[1:].partition(":")[0] for line in lines("spellings.txt") if line.startswith("="))


@cache
def common_words() -> Mapping[str, float]:
    """An everyday word to how much it says about a question's subject, from 0 to 1."""
    weights: dict[str, float] = {}
    weight = 0.0
    for line in lines("common.txt"):
        try:
            weight = float(line)
        except ValueError:
            weights |= {word: weight for word in line.split() if word not in weights}
    return weights


@cache
def function_words(language: str) -> Mapping[str, float]:
    """The words of a language that say nothing about a question's subject, all with the weight 0."""
    code = language.split("-")[0].lower()
    found = (line.partition(":") for line in lines("function_words.txt"))
    return {word: 0.0 for name, _, listed in found if name == code for word in listed.split()}
