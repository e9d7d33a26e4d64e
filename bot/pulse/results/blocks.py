"""The pieces that the modal, the Home tab and the post are made of."""

from collections.abc import Iterator, Sequence

from bot.blocks import Block, shortened
from bot.policy.rendering import literal
from bot.policy.rendering import section as literal_section
from bot.pulse.questions import Question
from bot.pulse.results.reading import SEGMENTS, Answer, Item, Results
from bot.pulse.results.words import NOT_SHOWN, PARTS, WHO, band_words, outcome, table_rows
from storage.tables import Wave

DESTROYED = "All its ballots are deleted and the keys that could open them destroyed, so nobody can look at them later."
LOST = (
    "All its ballots are deleted. The keys that could open them were not in their place, so they could not be "
    "destroyed; Candor destroys them if they come back there."
)
TRUSTEES = "All its ballots are deleted here. Only the trustee's key could open them, and it was not used for that."
# Once they may have been handed over, nothing here shows what the trustee has done.
HANDED_OVER = (
    "All its ballots are deleted here. Only the trustee's key could open them; Candor cannot see whether it was used."
)
# Headings may be longer than anybody reads in a line.
_TITLE = 150
# Slack takes 10,000 characters in a table; so many promises are what people read at once.
_PROMISES, _PULSES = 15, 3
_ROWS = 30
_NOT_ASKED = "not asked"


def title(question: Question) -> str:
    """What a question is about, in one line of plain text: the promise's heading in quotes, or the question."""
    if question.clause is not None:
        return f"“{shortened(question.clause, _TITLE)}”"
    return f"{PARTS[question.kind]}: “{shortened(question.text, 2 * _TITLE)}”"


def heading(wave: Wave) -> str:
    """What has become of a pulse, as a title."""
    if wave.outcome == "results":
        return f"Pulse {wave.number} has closed: do people believe the policy?"
    if wave.outcome == "too few":
        return f"Pulse {wave.number} has closed: too few answers"
    return f"Pulse {wave.number} was stopped, without results"


def outcome_words(wave: Wave) -> str:
    """What has become of a pulse that shows nothing, as plain text; empty where it has results."""
    if wave.outcome == "results":
        return ""
    return why(wave) if wave.outcome == "too few" else f"It was stopped, without results. {why(wave)}"


def why(wave: Wave) -> str:
    """Why a pulse shows nothing, and what became of what people sent: plain text, in which an operator's words are."""
    if wave.outcome == "too few":
        return f"There were too few answers to show anything. {ballots_words(wave)}"
    given = f"Reason given: “{wave.reason.rstrip('.')}”. " if wave.reason else ""
    return f"{given}{ballots_words(wave)}"


def ballots_words(wave: Wave) -> str:
    """What has become of the ballots of a pulse that shows nothing, and of the keys that open them."""
    if wave.trustee is not None:
        return TRUSTEES if wave.export_mark is None else HANDED_OVER
    return LOST if wave.keys_lost else DESTROYED


def asked_in(results: Results, wave: Wave) -> list[tuple[Question, Answer]]:
    """What one pulse asked, in the order of the results, with its answers."""
    items = [each.item for each in results.promises if each.item] + list(results.items)
    return [(item.question, each) for item in items for each in item.answers if each.pulse == wave.number]


def wave_lines(results: Results, wave: Wave) -> list[str]:
    """What one pulse showed of everybody, a line of plain text for each question."""
    return [f"{title(question)}: {outcome(question, answer)}." for question, answer in asked_in(results, wave)]


def wave_table(results: Results, wave: Wave) -> Block:
    """The same as a native table of bands: how many of everyone agree, of people leaders and of everyone else, and how
    many do not know."""
    rows = [["Asked", *(WHO[segment].capitalize() for segment in SEGMENTS), "Do not know"]]
    for question, answer in asked_in(results, wave):
        shares = [band_words(answer.of(segment).share) for segment in SEGMENTS]
        rows.append([title(question), *shares, band_words(answer.of("everyone").unsure)])
    return _table(rows)


def belief_table(results: Results) -> Block | None:
    """Belief in each promise over the last pulses, as a native table of bands; None before any has results."""
    pulses = [wave for wave in results.waves if wave.outcome == "results"][:_PULSES]
    shown = {wave.number for wave in pulses}
    asked = [each for each in results.promises if each.item and any(of.pulse in shown for of in each.item.answers)]
    if not asked:
        return None
    rows = [["Promise", *(f"Pulse {wave.number}, version {wave.policy_number}" for wave in pulses)]]
    for promise in asked[:_PROMISES]:
        assert promise.item is not None
        rows.append([title(promise.item.question), *(_in_pulse(promise.item, wave) for wave in pulses)])
    return _table(rows)


def _in_pulse(item: Item, wave: Wave) -> str:
    answer = next((each for each in item.answers if each.pulse == wave.number), None)
    if answer is None:
        return _NOT_ASKED
    _, share, unsure = table_rows(answer)[0]
    return share if share == unsure == NOT_SHOWN else f"{share} believe it, {unsure} do not know"


def _table(rows: Sequence[Sequence[str]]) -> Block:
    cells_of = [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]
    return {"type": "table", "rows": cells_of, "column_settings": [{"is_wrapped": True}] * len(rows[0])}


def item_table(item: Item) -> Iterator[Block]:
    """One question over all pulses, as text in columns: modals take no native table."""
    head = ("Pulse", "Who", "Agree", "Do not know")
    rows = [(str(answer.pulse), *row) for answer in item.answers for row in table_rows(answer)]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for start in range(0, len(rows), _ROWS):
        piece = (head, *rows[start : start + _ROWS])
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in piece]
        text = {"type": "text", "text": "\n".join(lines)}
        yield {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [text]}]}


def bold(text: str) -> Block:
    """A title, literal."""
    return {"type": "rich_text", "elements": [literal_section(literal(text, "bold"))]}
