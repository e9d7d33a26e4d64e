"""The same organisations on both databases: what is stored is what the proofs were made on, and it stays as it is."""

from dataclasses import asdict

import pytest

from bot.teams.content import canonical, fingerprint
from bot.teams.verifying import verify
from storage.database import SessionFactory, reading
from tests.teams.proofs.organisations import WEEKS, Kind, draw
from tests.teams.proofs.played import Played
from tests.teams.proofs.seasons import Published, releases

# The sample policy's smallest group.
SMALLEST = 5
SEASONS = 2


def as_stored(played: Played, published: Published) -> tuple[str, dict[str, dict[str, object]]]:
    cells = {"" if team == 0 else played.path(team): cell for team, cell in published.cells.items()}
    content = canonical(played.monday(published.week), published.season, None, cells)
    figures = {path: asdict(cell) | {"categories": list(cell.categories)} for path, cell in cells.items()}
    return fingerprint(content), figures


@pytest.mark.parametrize(("levels", "seed"), [(2, 12), (3, 5)])
def test_on_a_database_people_who_come_go_move_and_opt_out_give_the_releases_that_were_proved_safe(
    company: SessionFactory, levels: int, seed: int
) -> None:
    kind = Kind(levels, lowest=(6, 8, 22), upper=(0, 6), seasons=SEASONS, restless=0.15, attendance=(0.95, 0.7))
    drawn = draw(kind, seed, smallest=SMALLEST)
    played, proved = Played(drawn, company), releases(drawn)
    for week in range(SEASONS * WEEKS):
        played.live(week)
        assert played.release(week) is not None
        assert played.stored(week) == as_stored(played, proved[week])
    assert sum(len(each.cells) for each in proved) > WEEKS
    before = [played.stored(week) for week in range(SEASONS * WEEKS)]
    played.change_all()
    assert [played.stored(week) for week in range(SEASONS * WEEKS)] == before
    with reading(company) as session:
        assert all(each.well for each in verify(session))
