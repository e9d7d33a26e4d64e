"""What a wave asks: three to five questions, and what may be answered to each."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["belief", "clarity", "candour", "gaming", "action", "own", "comment"]
Scale = Literal["agreement", "extent"]

FEWEST, MOST = 3, 5
# Five points, from least to most; the last two say yes.
POINTS = ("1", "2", "3", "4", "5")
AGREEING = frozenset(POINTS[3:])
DONT_KNOW = "0"
LONGEST_COMMENT = 500


class Question(BaseModel):
    """One question of a wave. `scale` is None for the free comment, `clause` the heading of a promise's clause.

    `source` says where the question comes from and what is known of it ("unvalidated"); `id` is the same in every wave
    that asks it. `passage` is how that clause begins, in the policy's words, for a heading alone is hard to judge.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind
    text: str
    scale: Scale | None = "agreement"
    clause: str | None = None
    source: str = ""
    passage: str = ""
