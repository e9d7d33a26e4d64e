"""The preview of a draft, and what its buttons open."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.blocks import Block, View, actions, bullets, button, context, divider, escape, input_block, modal, section
from bot.edge import ref
from bot.ledger.chain import COMMAND_LINE
from bot.people.sizes import size_words
from bot.policy.pages import page_of, turns
from bot.policy.publishing.drafting import seal
from bot.policy.publishing.preview import Preview
from bot.policy.publishing.spoken import spoken
from bot.policy.publishing.words import date_words, summary
from bot.policy.views import changed_view, term_blocks, text_blocks
from storage.drafts import AWAITING, SCHEDULED

Said = tuple[str, list[Block]]
# So many faults or warnings are shown; the command line shows all.
SHOWN = 15
LINE = 600
REFUSED = (
    "Only HR can hand in a policy here, so the file was not opened and nothing of it was kept. If you wanted to ask "
    "something, just type your question."
)


def refused() -> Said:
    """To somebody who is not HR."""
    return REFUSED, [section(REFUSED)]


def faulty(name: str, faults: Sequence[str]) -> Said:
    """A file that is no policy, with every fault."""
    text = f"{escape(name)} cannot be published as it is. Mend this, then drop it here again. Nothing was kept."
    blocks = [section(text), bullets(_first(faults))]
    return spoken(blocks), blocks


def message(preview: Preview, viewer: str, lead: str = "") -> Said:
    """The preview as a message, with the buttons that `viewer` has."""
    title = f"Version {preview.number}: {preview.document.title}"
    blocks = [section(f"*{escape(title)}*\n{escape(standing(preview))}"), *_wrong(preview)]
    if lead:
        blocks.insert(0, section(lead))
    if preview.base is not None:
        blocks += [
            *term_blocks(preview.changed),
            section(_asked(preview)),
            section(escape(summary(preview.changed.clauses))),
        ]
    if preview.answered:
        title_of_answers = "*Questions of people that it answers (the announcement says so):*"
        blocks += [section(title_of_answers), bullets(_first(preview.answered))]
    blocks += [divider(), actions(*_buttons(preview, viewer)), context(_small_print(preview))]
    return spoken(blocks), blocks


def ended(text: str) -> Said:
    """What a preview turns into when the draft is published or discarded."""
    return text, [section(text)]


def standing(preview: Preview) -> str:
    """When the draft is to take effect, and what it waits for."""
    draft, document = preview.draft, preview.document
    said = f"To take effect on {date_words(document.effective)}."
    if preview.over and preview.base is not None:
        said += f" Version {preview.base.number} was published after this was handed in; this compares with it."
    if draft.state == AWAITING:
        day = f" on {date_words(draft.publish_at)}, 09:00 UTC" if draft.publish_at else ""
        said += f" It waits for a second person of HR to confirm; then it is published{day}."
    if draft.state == SCHEDULED and draft.publish_at:
        said += f" It will be published on {date_words(draft.publish_at)} at 09:00 UTC, if nothing is in the way then."
    return said


def _wrong(preview: Preview) -> list[Block]:
    blocks: list[Block] = []
    if preview.refusals:
        blocks += [section("*It cannot be published now:*"), bullets(_first(preview.refusals))]
    if preview.warnings:
        rows = [f"Line {each.line}: {each.said}" for each in preview.warnings]
        blocks += [section("*Worth a look (it can be published all the same):*"), bullets(_first(rows))]
    return blocks


def _first(rows: Sequence[str]) -> list[str]:
    shown = [row[:LINE] for row in rows[:SHOWN]]
    return shown if len(rows) <= SHOWN else [*shown, f"… and {len(rows) - SHOWN} more: candor policy check shows all."]


def _asked(preview: Preview) -> str:
    if not preview.looser:
        return "*Who will be asked again:* nobody, since nothing is looser. Everybody opted in gets one notice."
    return (
        "*Who will be asked again:* everybody opted in for whom it is looser than what holds for them, and who was not "
        "asked about that before, once. Until they agree, what is looser does not hold for them. "
        f"{size_words(preview.opted_in)}"
    )


def _buttons(preview: Preview, viewer: str) -> list[Block]:
    draft = preview.draft
    mine = ref(viewer, draft.id)
    buttons = [button("Read it as people will", "draft.read", mine)]
    if preview.base is not None:
        buttons.append(button("See the difference", "draft.difference", mine))
    if not preview.refusals:
        buttons += _publishing(preview, viewer, ref(viewer, f"{draft.id}:{seal(draft)}"))
    if draft.state == SCHEDULED:
        buttons.append(button("Take the day back", "draft.take_back", mine))
    return [*buttons, button("Discard", "draft.discard", mine, confirm=_sure("Discard", "The draft is deleted."))]


def _publishing(preview: Preview, viewer: str, mine: str) -> list[Block]:
    draft = preview.draft
    if draft.state == AWAITING:
        if viewer == draft.proposed_by:
            return []
        sure = _sure("Confirm", "A published version stays readable for ever and cannot be changed.")
        return [button("Confirm and publish", "draft.confirm", mine, style="primary", confirm=sure)]
    sure = _sure("Publish", f"Version {preview.number} is then readable for everybody and cannot be changed.")
    publish = button("Publish", "draft.publish", mine, style="primary", confirm=sure)
    return [publish, button("Publish on …", "draft.schedule", mine)]


def _sure(word: str, text: str) -> Block:
    plain = {"type": "plain_text", "text": text}
    yes, no = {"type": "plain_text", "text": word}, {"type": "plain_text", "text": "Not yet"}
    return {"title": {"type": "plain_text", "text": "Are you sure?"}, "text": plain, "confirm": yes, "deny": no}


def _small_print(preview: Preview) -> str:
    return f"Handed in {by(preview.draft.proposed_by)}. Fingerprint (SHA-256) `{preview.document.hash[:12]}`"


def by(proposer: str) -> str:
    """Who handed a draft in: a person, or whoever used the command line."""
    return f"from the {proposer}" if proposer == COMMAND_LINE else f"by <@{proposer}>"


def draft_text(preview: Preview, viewer: str, page: int = 0) -> View:
    """The draft as people will read it."""
    document = preview.document
    head = [section(f"*{escape(document.title)}*\nA draft, not published. {escape(standing(preview))}"), divider()]
    clauses = [clause.model_dump(mode="json") for clause in document.clauses]
    found = page_of([*head, *text_blocks(document.text, clauses, document.terms)], page)
    buttons = turns(found, "draft.page", ref(viewer, f"{preview.draft.id}:read"))
    return modal("policy.closed", "The draft", [*found.blocks, *buttons])


def draft_changes(preview: Preview, viewer: str, page: int = 0) -> View:
    """What the draft changes."""
    return changed_view(preview.changed, "draft.page", ref(viewer, f"{preview.draft.id}:difference"), page)


def day_form(preview: Preview, viewer: str, place: str, today: date) -> View:
    """The modal in which HR picks the day of publication; `place` is where the preview stands."""
    element = {"type": "datepicker", "initial_date": str(today + timedelta(days=1))}
    blocks = [
        section(
            f"*Version {preview.number}* is published on that day at 09:00 UTC. It is checked again then; if something "
            "is in the way, HR is told by direct message, and nothing is published."
        ),
        input_block("day", "Day", element),
    ]
    metadata = ref(viewer, f"{preview.draft.id}:{place}")
    return modal("draft.schedule", "Publish on …", blocks, submit="Save", close="Cancel", metadata=metadata)
