"""What a piece of text is about: its stems, the groups of the thesaurus they belong to, and what its figures say."""

import re
from collections.abc import Iterable, Mapping

from bot.policy.answers.lists import common_words, spellings
from bot.policy.answers.thesaurus import MARK, Thesaurus
from bot.policy.answers.tokens import Stem, spoken

_SMALL = "five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|twenty"
_NUMBER = rf"(?:\d[\d.,]*|an?|one|two|three|four|{_SMALL}|thirty|sixty|ninety|hundred)"
_UNIT = r"(?:working |calendar |business )?(?:hour|day|week|fortnight|month|quarter|year)s?"
_OFTEN = rf"\b(?:every|each|per|once an?|twice an?)(?: \w+)? {_UNIT}\b|\b(?:dai|week|month|quarter)ly\b"
_AT_LEAST = (
    rf"\b(?:fewer|less|smaller) than \w+|\b(?:at least|minimum of|below|under) (?:\d+|{_SMALL})\b"
    rf"|\b(?:\d+|{_SMALL}) or more\b"
)
# Figures have no words in common with the questions about them: "how long" is asked, "26 weeks" is written.
SIGNS: Mapping[str, re.Pattern[str]] = {
    "duration": re.compile(rf"\b{_NUMBER}(?: \(\d+\))?[ -]{_UNIT}\b", re.IGNORECASE),
    "frequency": re.compile(_OFTEN, re.IGNORECASE),
    "date": re.compile(r"\b(?:19|20)\d\d\b"),
    "time-of-day": re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?[ap]\.?m\b", re.IGNORECASE),
    "contact": re.compile(r"[\w.+-]+@[\w-]+\.\w|(?<!\w)#[a-z][\w-]+|\bextension \d|\bhttps?://", re.IGNORECASE),
    "cost": re.compile(r"[$€£¥]\s?\d|\b\d+ (?:euros?|dollars?|pounds?)\b", re.IGNORECASE),
    "small-group": re.compile(_AT_LEAST, re.IGNORECASE),
}
_ANY_SIGN = re.compile(rf"\d|@|#|[$€£¥]|http|ly\b|{_UNIT}\b|\b(?:than|least|minimum|below|under|more)\b", re.IGNORECASE)


class Reader:
    """Reads texts of one language into features: a stem stands for itself, a group for its name behind a mark."""

    def __init__(self, stem: Stem, thesaurus: Thesaurus, stops: Mapping[str, float] | None = None) -> None:
        self.stem, self.thesaurus = stem, thesaurus
        self.stops = common_words() if stops is None else stops
        self.forms = spellings() if thesaurus.groups else {}

    def features(self, text: str) -> dict[str, float]:
        """Feature to strength (0 to 1) of one sentence, heading or question of an author."""
        found: dict[str, float] = {}
        stems: list[str] = []
        for word in spoken(text):
            stem, everyday = self.stem(word), self.stops.get(word, 1.0)
            stems.append(stem)
            if everyday > 0:
                found[stem] = 1.0
            _raise(found, self.thesaurus.groups_of(word, stem, everyday))
        for start, end, groups in self.thesaurus.phrases_in(stems):
            found[" ".join(stems[start:end])] = 1.0
            _raise(found, groups)
        if self.thesaurus.groups and _ANY_SIGN.search(text):
            _raise(found, {sign: 1.0 for sign, pattern in SIGNS.items() if pattern.search(text)})
        return found


def _raise(found: dict[str, float], groups: Mapping[str, float]) -> None:
    for group, strength in groups.items():
        if strength > found.get(MARK + group, 0.0):
            found[MARK + group] = strength


def strongest(all_features: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Each feature at the strength it has where it is strongest."""
    found: dict[str, float] = {}
    for features in all_features:
        for feature, strength in features.items():
            if strength > found.get(feature, 0.0):
                found[feature] = strength
    return found
