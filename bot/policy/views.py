"""The policy, readable where it is agreed to: any version, who keeps each clause, and what changed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.blocks import Block, View, actions, button, choice, context, divider, escape, modal, section
from bot.edge import ANYONE, ref
from bot.policy.asking.keepers import keeper, kept_values
from bot.policy.asking.words import keeping
from bot.policy.clauses import split
from bot.policy.document import Clause
from bot.policy.pages import page_of, turns
from bot.policy.publishing.difference import BEFORE_THE_FIRST, KINDS, ClauseChange, Piece, versions_of
from bot.policy.publishing.words import date_words
from bot.policy.reading import Changed, Shelf
from bot.policy.rendering import literal, rich_text
from bot.policy.rendering import section as literal_section
from bot.policy.terms import Terms, flat
from bot.policy.versions import terms_of
from storage.tables import PolicyVersion

UNMARKED = "Nobody is named who keeps this."
_LISTED = 100
_MARKS = {"same": (), "added": ("bold",), "removed": ("strike",)}
_LONGEST_ROW = 80


def reader(shelf: Shelf, page: int = 0) -> View:
    """One version as a modal, a page at a time; the first page says which it is."""
    policy = shelf.shown
    found = page_of([*_about(shelf), *text_blocks(policy.text, policy.clauses, terms_of(policy))], page)
    buttons = turns(found, "policy.page", ref(ANYONE, f"read:{policy.number}"))
    blocks = [*found.blocks, *buttons, _sealed(policy)]
    return modal("policy.closed", "The policy", blocks, metadata=ref(ANYONE, str(policy.number)))


def text_blocks(text: str, clauses: Sequence[dict[str, Any]], terms: Terms) -> list[Block]:
    """A policy's text by clause, with who keeps each; `clauses` are those of its headings, in order."""
    parts = split(text)
    # Of the first versions no clauses were kept.
    marks = iter(clauses if len(clauses) == sum(part.level > 0 for part in parts) else ())
    blocks: list[Block] = []
    for part in parts:
        if part.level:
            blocks.append({"type": "rich_text", "elements": [literal_section(literal(part.heading, "bold"))]})
        blocks += rich_text(part.body)
        said = next(marks, None) if part.level else None
        if said is not None and part.body:
            blocks.append(context(escape(_kept_by(Clause.model_validate(said), terms))))
    return blocks


def _kept_by(clause: Clause, terms: Terms) -> str:
    values = flat(terms)
    who = keeper(clause, values)
    return keeping(who, kept_values(clause, values)) if who else UNMARKED


def _about(shelf: Shelf) -> list[Block]:
    policy = shelf.shown
    blocks = [section(f"*{escape(policy.title)}*\n{_standing(shelf)}")]
    if shelf.coming is not None and shelf.coming.number != policy.number:
        blocks.append(_announced(shelf.coming, policy))
    elements = []
    if len(shelf.versions) > 1:
        pairs = [(str(each.number), _named(each)) for each in reversed(shelf.versions)][:_LISTED]
        if str(policy.number) not in dict(pairs):
            pairs[-1] = (str(policy.number), _named(policy))
        elements.append(choice("static_select", pairs, str(policy.number)) | {"action_id": "policy.version"})
    if shelf.agreed is not None and shelf.versions and shelf.agreed < shelf.versions[-1].number:
        elements.append(button("What changed since I opted in", "policy.changed", ref(ANYONE)))
    return [*blocks, *([actions(*elements)] if elements else []), divider()]


def _standing(shelf: Shelf) -> str:
    policy, now = shelf.shown, shelf.in_force
    if now is not None and policy.number == now.number:
        return f"Version {policy.number}, in force since {date_words(policy.in_force_from)}."
    day = date_words(policy.in_force_from)
    if now is None:
        return f"Version {policy.number}. It takes effect on {day}; until then nothing is collected."
    if policy.number > now.number:
        return f"Version {policy.number}. It takes effect on {day}; until then version {now.number} is in force."
    return f"Version {policy.number}, an old one. It was in force from {day}; now version {now.number} is."


def _named(version: PolicyVersion) -> str:
    return f"Version {version.number}, from {date_words(version.in_force_from)}"


def _announced(coming: PolicyVersion, shown: PolicyVersion) -> Block:
    said = f"*Version {coming.number} takes effect on {date_words(coming.in_force_from)}.*"
    value = ref(ANYONE, f"{shown.number}-{coming.number}")
    return section(said, button("What will change", "policy.changed", value))


def _sealed(policy: PolicyVersion) -> Block:
    return context(
        f"Published on {date_words(policy.published_at)}. Fingerprint (SHA-256) `{policy.hash}`, chain `{policy.chain}`"
    )


def changed_view(changed: Changed, action: str, value: str, page: int = 0) -> View:
    """The differences as a modal, a page at a time."""
    blocks = [section(escape(changed.title)), *term_blocks(changed), divider(), *difference_blocks(changed.clauses)]
    found = page_of(blocks, page)
    legend = context(
        "Beside these words, *bold* is new and ~struck through~ is gone. … stands for sentences that stayed."
    )
    return modal("policy.closed", "What changed", [*found.blocks, *turns(found, action, value), legend])


def term_blocks(changed: Changed) -> list[Block]:
    """What became stricter and looser, in words."""
    titles = (
        ("*What changed and why*", changed.why),
        ("*Stricter: holds for everybody from then on*", changed.stricter),
        ("*Looser: holds for nobody who does not agree to it*", changed.looser),
        ("*Neither: holds for everybody*", changed.neutral),
    )
    return [block for title, rows in titles if rows for block in (section(title), _listed(rows))]


def _listed(rows: Sequence[str]) -> Block:
    items = [literal_section(literal(row)) for row in rows]
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": items}]}


def difference_blocks(clauses: Sequence[ClauseChange]) -> list[Block]:
    """Each clause that differs, in words that need no styling: what it said before, and what it says now."""
    if not clauses:
        return [section("No sentence of the text is different.")]
    return [block for clause in clauses for block in _difference(clause)]


def _difference(clause: ClauseChange) -> Iterator[Block]:
    heading = literal(clause.heading or BEFORE_THE_FIRST, "bold")
    yield _row([*heading, *literal(f"  ({KINDS[clause.kind]})", "italic")])
    if clause.old_heading:
        yield _row([*literal("Heading before: "), *literal(clause.old_heading, "strike")])
    for title, pieces in versions_of(clause):
        yield from _told(f"{title}: ", pieces)


def _told(title: str, pieces: Iterable[Piece]) -> Iterator[Block]:
    """The pieces in rows, a paragraph each, the first one after the title."""
    row = literal(title, "italic")
    for number, piece in enumerate(pieces):
        if len(row) > _LONGEST_ROW or (piece.opens and number):
            yield _row(row)
            row = []
        row += [*literal(piece.text, *_MARKS[piece.kind]), *literal(" ")]
    yield _row(row)


def _row(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": [literal_section(elements)]}
