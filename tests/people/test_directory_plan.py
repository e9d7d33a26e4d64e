"""What a new directory changes, worked out without a database."""

from hypothesis import given
from hypothesis import strategies as st

from bot.people.directory_plan import arrivals, plan
from bot.people.hierarchy import with_ancestors
from storage.directory import NOWHERE, Place


def test_a_person_moves_and_an_emptied_team_vanishes() -> None:
    current = {"U1": Place("A / X"), "U2": Place("A / Y")}
    change = plan(current, {"A", "A / X", "A / Y"}, {"U1": Place("A / Y"), "U2": Place("A / Y")}, set())
    assert (change.new, change.vanished, change.moves) == ((), ("A / X",), {"U1": Place("A / Y")})
    assert arrivals(current, change) == {"A / Y": 1}


def test_a_team_with_all_its_people_under_another_path_is_renamed_and_nobody_moves() -> None:
    current = {"U1": Place("A / X", True), "U2": Place("A / X"), "U3": Place("A")}
    wanted = {"U1": Place("B / X", True), "U2": Place("B / X"), "U3": Place("B")}
    change = plan(current, {"A", "A / X"}, wanted, set())
    assert (change.renamed, change.new, change.vanished) == ({"A": "B", "A / X": "B / X"}, (), ())
    assert arrivals(current, change) == {}


def test_a_team_that_lost_one_person_is_not_taken_for_renamed() -> None:
    current = {"U1": Place("X"), "U2": Place("X")}
    change = plan(current, {"X"}, {"U1": Place("Y"), "U2": Place("Z")}, set())
    assert (change.renamed, change.new, change.vanished) == ({}, ("Y", "Z"), ("X",))


def test_who_is_not_in_the_file_loses_team_and_flag_except_the_kept() -> None:
    current = {"U1": Place("X", True), "U2": Place("Y", True), "U3": Place("X")}
    change = plan(current, {"X", "Y"}, {"U3": Place("X")}, {"U2"})
    assert change.moves == {"U1": NOWHERE}
    assert change.vanished == ()
    assert arrivals(current, change) == {"": 1}


PATHS = st.lists(st.sampled_from("ABC"), min_size=1, max_size=3, unique=True).map(" / ".join)
PLACES = st.dictionaries(
    st.sampled_from(["U1", "U2", "U3", "U4"]), st.builds(Place, st.none() | PATHS, st.booleans()), min_size=4
)


@given(PLACES, PLACES, st.sets(st.sampled_from(["U1", "U2"])))
def test_the_plan_leads_exactly_to_the_file(
    current: dict[str, Place], wanted: dict[str, Place], kept: set[str]
) -> None:
    teams = with_ancestors(place.team for place in current.values() if place.team)
    change = plan(current, teams, wanted, kept)
    after = current | dict(change.moves)
    assert after == wanted | {person: current[person] for person in kept}
    held = (teams - set(change.vanished) - set(change.renamed)) | set(change.new) | set(change.renamed.values())
    assert held == with_ancestors(place.team for place in after.values() if place.team)
    assert not set(change.new) & teams
