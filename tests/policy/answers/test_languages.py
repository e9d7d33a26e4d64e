"""Policies in other languages: stems of that language, no thesaurus, the same care."""

import pytest

from bot.policy.answers import Index, Section

GERMAN = Index(
    [
        Section("Wer es sieht", "Nur Sie sehen Ihre eigenen Zahlen. Vorgesetzte sehen keine Werte einzelner Personen."),
        Section("Wie lange es bleibt", "Alle Zahlen werden nach 26 Wochen gelöscht."),
        Section("Teilnahme", "Die Teilnahme ist freiwillig.", ("Muss ich mitmachen?",)),
    ],
    "de",
)
FRENCH = Index(
    [
        Section("Qui voit les données", "Vous seul voyez vos chiffres."),
        Section("Conservation", "Les chiffres sont supprimés après 26 semaines."),
        Section("Participation", "La participation est volontaire."),
    ],
    "fr",
)
JAPANESE = Index(
    [
        Section("閲覧", "上司は個人の数値を見ることができません。"),
        Section("保存期間", "数値は二十六週間後に削除されます。"),
    ],
    "ja",
)


@pytest.mark.parametrize(
    ("index", "question", "heading"),
    [
        (GERMAN, "Sieht mein Vorgesetzter einzelne Werte?", "Wer es sieht"),
        (GERMAN, "wann wird es gelöscht", "Wie lange es bleibt"),
        (GERMAN, "muss ich da mitmachen", "Teilnahme"),
        (FRENCH, "quand mes chiffres sont-ils supprimés ?", "Conservation"),
        (FRENCH, "est-ce volontaire ?", "Participation"),
        (JAPANESE, "数値はいつ削除されますか", "保存期間"),
    ],
)
def test_a_question_finds_its_section_in_the_policys_language(index: Index, question: str, heading: str) -> None:
    answer = index.ask(question)
    assert answer.sections[0] == heading
    assert answer.tier in ("answer", "closest")


@pytest.mark.parametrize("question", ["Wo kann ich mein Fahrrad parken?", "Gibt es heute Kuchen in der Kantine"])
def test_of_what_it_does_not_speak_it_is_silent_in_its_language(question: str) -> None:
    assert GERMAN.ask(question).tier == "silent"


def test_a_section_that_does_not_exist_is_refused_in_every_language() -> None:
    assert GERMAN.ask("Was steht in § 44?").refusal == "no such section"
