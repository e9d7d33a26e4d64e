"""A small policy of the tests' own, in words of its own."""

from bot.policy.answers import Answer, Index, Section

SECTIONS = (
    Section("Why we count", "We count how often the assistants are used in order to buy the right number of seats."),
    Section(
        "What is counted",
        "Each week we note, for whoever has joined:\n\n- how many prompts were sent;\n- how many tokens came back.\n\n"
        "Keystrokes and screens are never recorded.",
    ),
    Section(
        "Who can look",
        "Only you can open your own figures. Managers see averages of eight people or more, and never one person's "
        "figures.",
        ("Can my boss look at my numbers?",),
    ),
    Section("How long we keep it", "Everything is deleted after 26 weeks.\n\nBackups are overwritten after 30 days."),
    Section("Saying no", "Joining is voluntary. Whoever does not join, or leaves again, loses nothing."),
    Section("If a figure is wrong", "Write to privacy@example.com. You will have an answer within ten working days."),
)
INDEX = Index(SECTIONS)


def ask(question: str, about: str | None = None) -> Answer:
    return INDEX.ask(question, about=about)


def section(heading: str) -> Section:
    return next(each for each in SECTIONS if each.heading == heading)
