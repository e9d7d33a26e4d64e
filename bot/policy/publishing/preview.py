"""What publishing a draft would mean, for HR: what is wrong with it, what changes, who is asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import PolicyFault
from bot.policy.asking.open_questions import answered_by
from bot.policy.binding import asks_again
from bot.policy.checking import Warn, check
from bot.policy.document import PolicyDocument
from bot.policy.publishing.drafting import document_of
from bot.policy.publishing.words import date_words
from bot.policy.reading import Changed, changed
from bot.policy.versions import refusals, terms_of
from storage import consents, policies
from storage.database import Session
from storage.tables import PolicyDraft, PolicyVersion


@dataclass(frozen=True)
class Preview:
    """A draft as HR sees it before it is published. `opted_in` is for rounded words only; `base` is the newest version.

    `refusals`: why it cannot be published now; `over`: a version was published after the draft was handed in;
    `answered`: what it answers of the questions that people sent to HR.
    """

    draft: PolicyDraft
    document: PolicyDocument
    number: int
    base: PolicyVersion | None
    over: bool
    refusals: Sequence[str]
    warnings: Sequence[Warn]
    changed: Changed
    looser: bool
    opted_in: int
    answered: Sequence[str]


def preview(session: Session, draft: PolicyDraft, now: datetime) -> Preview:
    """The draft beside the newest version, at `now`; raises `PolicyFault` when this program cannot read it any more."""
    document, versions = document_of(draft), policies.published(session)
    base = versions[-1] if versions else None
    return Preview(
        draft=draft,
        document=document,
        number=base.number + 1 if base else 1,
        base=base,
        over=base is not None and base.hash != draft.base_hash,
        refusals=refusals(document, versions, now),
        warnings=check(document),
        changed=against(document, base),
        looser=asks_again(session, document.terms, now),
        opted_in=consents.count(session),
        answered=answered_by(session, document, now),
    )


def against(document: PolicyDocument, base: PolicyVersion | None) -> Changed:
    """What the document changes of the version; of a first version there is nothing to compare with."""
    if base is None:
        return Changed("There is no version yet to compare with.")
    title = f"From version {base.number} to this draft, which is to take effect on {date_words(document.effective)}."
    return changed(title, (base.text, document.text), (terms_of(base), document.terms), document.changes)


def faults(error: PolicyFault) -> list[str]:
    """One line for each thing that is wrong with a file."""
    return str(error).split("\n")
