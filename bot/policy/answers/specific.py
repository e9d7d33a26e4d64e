"""What a question asks for by name: a law, an office, a place. Something near it in meaning is no answer to it."""

from collections.abc import Iterable

from bot.policy.answers.patterns import patterns
from bot.policy.answers.refusals import beginning
from bot.policy.answers.tokens import words


def lacks(question: str, texts: Iterable[str]) -> bool:
    """The question asks for something by name that these texts do not name."""
    of, plain = patterns("specific"), beginning(question)
    asked = [name for name in of if name.startswith("a_") and of[name].search(plain)]
    if not asked:
        return False
    told = " ".join(words("\n".join(texts)))
    return not all(of["t_" + name.removeprefix("a_")].search(told) for name in asked)
