"""The labelled questions: which headings of which policy answer what people ask."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.settings import Settings

FOLDER = Path(__file__).parent
POLICIES = {
    "sample": Path(Settings.model_fields["policy"].default),
    "harbour": FOLDER / "harbour.md",
    "ledgerline": FOLDER / "ledgerline.md",
}
Kind = Literal["answerable", "unanswerable", "hostile"]
Split = Literal["dev", "test"]
SPLITS: tuple[Split, ...] = ("dev", "test")


class Labelled(BaseModel):
    """One question and every heading, as in the file, under which the policy truly answers it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    question: str
    sections: tuple[str, ...]
    kind: Kind


_LABELLED = TypeAdapter(Labelled)


def labelled(policy: str, *splits: Split) -> list[Labelled]:
    """The questions of one of `POLICIES`, of the splits named, in the order of the files; of both if none is."""
    files = [FOLDER / f"{policy}.{split}.jsonl" for split in splits or SPLITS]
    return [_LABELLED.validate_json(line) for file in files for line in file.read_text("utf-8").splitlines()]


def words(text: str) -> Sequence[str]:
    """The words of a text, in lower case and without punctuation."""
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", ""))
