"""What no honest count can give is refused, whoever signed it."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.pulse.trustee.tallies import Tallies
from tests.pulse.trustee.council import Council, refused

Change = Callable[[Tallies], dict[str, Any]]


def cells(tallies: Tallies, *places: int, **values: Any) -> dict[str, Any]:
    """These cells with other values, in a change that keeps the rest."""
    changed = [cell.model_copy(update=values) if at in places else cell for at, cell in enumerate(tallies.cells)]
    return {"cells": tuple(changed)}


IMPOSSIBLE: tuple[tuple[Change, str], ...] = (
    (lambda t: {"answered": t.answered | {"gaming": 13}}, "more votes than there are ballots"),
    (lambda t: {"answered": t.answered | {"gaming": 4}}, "too few have answered"),
    (lambda t: {"answered": t.answered | {"other": 12}}, "did not ask"),
    (lambda t: {"answered": {"gaming": 12}}, "did not ask"),
    (lambda t: {"opened": 13}, "another number of ballots"),
    (lambda t: {"opened": 11}, "another number of ballots"),
    (lambda t: {"opened": 9, "left_out": 3}, "more votes than there are ballots"),
    (lambda t: {"export": "0" * 64}, "of other ballots than the server has"),
    (lambda t: {"number": 2}, "of other ballots than the server has"),
    (lambda t: cells(t, 0, question="comment"), "did not ask"),
    (lambda t: cells(t, 0, question="nothing we know"), "did not ask"),
    (lambda t: {"cells": (*t.cells, t.cells[0])}, "a question twice"),
    (lambda t: {"cells": t.cells[1:]}, "without the whole"),
    (lambda t: {"comments": t.comments[::-1]}, "not in their order"),
    (lambda t: {"comments": (t.comments[0], *t.comments)}, "one twice"),
    (lambda t: {"comments": tuple(f"{n:03}" for n in range(13))}, "more comments than ballots"),
    (lambda t: {"wave": "ab" * 16}, "no pulse with a trustee is known"),
    (lambda t: {"wave": "another"}, "values that tallies cannot have"),
    (lambda t: {"wave": "AB" * 16}, "values that tallies cannot have"),
    (lambda t: {"wave": "ab" * 16 + "\n"}, "values that tallies cannot have"),
    (lambda t: {"cells": (*t.cells[:1], *t.cells[2:])}, "one group without the other"),
    (lambda t: cells(t, 1, unsure=0), "by group who does not know"),
    (lambda t: cells(t, 0, unsure=None), "how many do not know"),
    (lambda t: cells(t, 0, share=None), "groups without the whole"),
    (lambda t: cells(t, 2, share=None), "a group without its share"),
    (lambda t: cells(t, 0, share=1), "a whole that is not between"),
    (lambda t: {"answered": t.answered | {"gaming": 9}}, "groups that are too small"),
    (lambda t: {"comments": ("a\u202eb",)}, "would not have taken so"),
    (lambda t: {"comments": ("a\x1b[2J",)}, "would not have taken so"),
    (lambda t: {"comments": (" a",)}, "would not have taken so"),
    (lambda t: {"comments": (" ",)}, "would not have taken so"),
    (lambda t: {"comments": ("x" * 501,)}, "values that tallies cannot have"),
    (lambda t: {"comments": ("",)}, "values that tallies cannot have"),
    (lambda t: cells(t, 0, share=5), "values that tallies cannot have"),
    (lambda t: cells(t, 0, share=-1), "values that tallies cannot have"),
    (lambda t: cells(t, 0, share="4"), "values that tallies cannot have"),
    (lambda t: cells(t, 0, segment="U001"), "values that tallies cannot have"),
    (lambda t: {"opened": -1, "left_out": 13}, "values that tallies cannot have"),
    (lambda t: {"version": 2}, "values that tallies cannot have"),
    (lambda t: {"format": "candor trustee: private keys"}, "values that tallies cannot have"),
)


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_even_what_the_trustee_signed_is_refused_when_it_cannot_be_true(counted: Council) -> None:
    true, good = counted.signed_tallies(), counted.tallies.read_bytes()
    for change, words in IMPOSSIBLE:
        counted.sign(true.model_copy(update=change(true)))
        refused(counted, words)
    counted.tallies.write_bytes(good)
    assert counted.hand_back()
