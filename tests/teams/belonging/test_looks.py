"""Who looked: each person reads the entries about summaries that include them, and those that concern everybody."""

from bot.held.export import as_lines
from bot.ledger.chain import COMMAND, COMMAND_LINE, EXPORTED, OPENED, record
from bot.ledger.reading import AT_ONCE
from bot.weeks import week_words
from storage import held, releases
from storage.database import reading
from tests.candor import HR, Candor
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.belonging.world import (
    ANA,
    MANAGER,
    MOBILE,
    OFFICE,
    PAYMENTS,
    company,
    home,
    next_season,
    opted_in,
    place,
    released,
)
from tests.teams.world import release

LOOKED = "belonging.looked"
LEADER = "U08"


def looked(candor: Candor, user_id: str = ANA) -> str:
    """What the modal shows that the Home tab's button opens."""
    user = candor.sandbox.user(user_id)
    user.open_home()
    user.press(LOOKED, view=candor.sandbox.workspace.home(user_id))
    return str(candor.top_modal(user_id))


def managed(candor: Candor) -> None:
    """A release, with a manager of Payments and a leader of Engineering who may open their summaries."""
    week = company(candor)
    for user_id, path in ((MANAGER, OFFICE), (LEADER, "Engineering")):
        candor.join(user_id)
        candor.sandbox.user(user_id).open_home()
        place(candor, user_id, path, manages=True)
    assert release(candor.sessions, week) is not None


def opens(candor: Candor, user_id: str) -> None:
    """Open the summary of one's own team from Home."""
    home(candor, user_id)
    candor.sandbox.user(user_id).press("summary.home", view=candor.sandbox.workspace.home(user_id))


def written(candor: Candor, who: str, what: str, about: str, season: int = 1, teams: tuple[int, ...] = ()) -> None:
    """An entry, of HR's where it is about teams."""
    with candor.sessions.begin() as session:
        role = "hr" if teams else None
        record(session, candor.clock(), who=who, role=role, what=what, about=about, season=season, teams=teams)


def test_who_counts_reads_that_their_manager_opened_the_summary_and_when(candor: Candor) -> None:
    managed(candor)
    opens(candor, MANAGER)
    assert f"<@{MANAGER}>, manager of Payments, opened the Payments summary on 18 November 2026." in looked(candor)


def test_somebody_of_another_team_does_not_read_it_but_reads_of_the_team_above_both(candor: Candor) -> None:
    managed(candor)
    opens(candor, MANAGER)
    opens(candor, LEADER)
    candor.join(MOBILE[0])
    shown = looked(candor, MOBILE[0])
    assert MANAGER not in shown
    assert f"<@{LEADER}>, leader of Engineering, opened the Engineering summary on" in shown
    assert f"<@{LEADER}>, leader of Engineering, opened the Engineering summary on" in looked(candor)


def test_who_counts_in_none_reads_the_general_entries_only(candor: Candor) -> None:
    managed(candor)
    opens(candor, MANAGER)
    candor.join("U02")
    for user_id in ("U02", MANAGER, HR):
        shown = looked(candor, user_id)
        assert "opened the Payments summary" not in shown
        assert "Candor, by itself, settled who counts (season 1) on 12 October 2026." in shown
        assert "published the policy (version 1)" in shown


def test_hr_is_named_as_hr_for_teams_above_others_and_for_the_company(candor: Candor) -> None:
    released(candor)
    written(candor, HR, OPENED, "the whole company", teams=(0,))
    written(candor, HR, EXPORTED, "Engineering", teams=(1,))
    written(candor, HR, OPENED, "organisation health", teams=(0,))
    shown = looked(candor)
    assert f"HR (<@{HR}>) opened the summary of the whole company on" in shown
    assert f"HR (<@{HR}>) downloaded the Engineering summary on" in shown
    assert f"HR (<@{HR}>) opened organisation health on" in shown


def test_an_entry_says_in_what_office_it_was_opened_also_when_the_office_is_over(candor: Candor) -> None:
    managed(candor)
    opens(candor, LEADER)
    place(candor, LEADER, "Engineering", manages=False)
    assert f"<@{LEADER}>, leader of Engineering, opened the Engineering summary on" in looked(candor)


def test_operator_commands_and_policy_versions_are_for_everybody(candor: Candor) -> None:
    released(candor)
    written(candor, COMMAND_LINE, COMMAND, "db backup")
    publish_next(candor.sessions, candor.clock(), **AS_SHIPPED)
    shown = looked(candor)
    assert "Whoever runs Candor used the command “db backup” on 18 November 2026: it copies everything that" in shown
    assert "published the policy (version 2) on" in shown


def test_a_command_is_told_with_what_it_does_however_it_was_run(candor: Candor) -> None:
    candor.join("U02")
    for about in ("people import --apply", "ledger new-key: cb24d501b4f4", "people importing"):
        written(candor, COMMAND_LINE, COMMAND, about)
    shown = looked(candor, "U02")
    assert "“people import --apply” on 18 November 2026: it reads who belongs to which team" in shown
    assert "“ledger new-key: cb24d501b4f4” on 18 November 2026: it changes which key signs the ledger." in shown
    assert "“people importing” on 18 November 2026." in shown


def test_a_release_is_told_with_its_week_and_the_beginning_of_its_fingerprint(candor: Candor) -> None:
    week = released(candor)
    with reading(candor.sessions) as session:
        (made,) = releases.of_season(session, 1)
    assert f"the summaries of the week {week_words(week)} (fingerprint {made.hash[:12]}…) on" in looked(candor)


def test_the_same_on_one_day_is_told_in_one_line_and_on_another_day_in_its_own(candor: Candor) -> None:
    candor.join("U02")
    for _ in range(3):
        written(candor, COMMAND_LINE, COMMAND, "people sync")
    candor.clock.pass_by(days=1)
    written(candor, COMMAND_LINE, COMMAND, "people sync")
    shown = looked(candor, "U02")
    assert "“people sync” 3 times on 18 November 2026: it reads every member" in shown
    assert "“people sync” on 19 November 2026: it reads every member" in shown


def test_who_counts_in_no_summary_is_told_that_the_entries_concern_everybody(candor: Candor) -> None:
    released(candor)
    candor.join("U02")
    none = "You count in no summary that Candor knows of, so here is what concerns everybody"
    assert none in looked(candor, "U02")
    shown = looked(candor)
    assert none not in shown
    assert "a summary that you are or were part of" in shown
    assert "Whoever counts in it may open it too; that is not written down." in shown


def test_words_of_an_entry_ping_nobody(candor: Candor) -> None:
    written(candor, "<!here>", COMMAND, "<!channel> `x`")
    candor.join("U02")
    shown = looked(candor, "U02")
    assert "<!channel>" not in shown and "<!here>" not in shown
    assert "&lt;!channel&gt;" in shown


def test_an_entry_of_several_teams_is_read_in_each_of_them(candor: Candor) -> None:
    released(candor)
    written(candor, HR, EXPORTED, "several teams", teams=(2, 1))
    assert f"HR (<@{HR}>) downloaded several teams on" in looked(candor)
    written(candor, HR, EXPORTED, "of others", teams=(2, 12, 10))
    assert "of others" not in looked(candor)


def test_entries_of_an_earlier_season_stay_readable_to_who_counted_in_it(candor: Candor) -> None:
    managed(candor)
    opens(candor, MANAGER)
    next_season(candor)
    written(candor, MANAGER, EXPORTED, OFFICE, season=2, teams=(3,))
    assert looked(candor).count(f"<@{MANAGER}>") == 1
    candor.join(PAYMENTS[0])
    assert looked(candor, PAYMENTS[0]).count(f"<@{MANAGER}>") == 2


def test_who_joined_after_the_season_began_does_not_read_of_its_summaries(candor: Candor) -> None:
    managed(candor)
    opens(candor, MANAGER)
    opted_in(candor, "U02")
    assert "opened the Payments summary" not in looked(candor, "U02")


def test_the_pages_show_every_entry_once_newest_first(candor: Candor) -> None:
    released(candor)
    for number in range(2 * AT_ONCE):
        written(candor, COMMAND_LINE, COMMAND, f"command-{number}.")
    looked(candor)
    user, pages = candor.sandbox.user(ANA), []
    while True:
        pages.append([b["text"]["text"] for b in candor.top_modal(ANA)["blocks"] if b["type"] == "section"][1:])
        if "belonging.looked.older" not in str(candor.top_modal(ANA)):
            break
        user.press("belonging.looked.older")
    entries = [entry for page in pages for entry in page]
    ours = [entry for entry in entries if "command-" in entry]
    assert len(pages) == 3
    assert len(set(ours)) == 2 * AT_ONCE
    assert [f"command-{number}." in entry for number, entry in zip(range(49, -1, -1), ours, strict=True)] == [True] * 50
    user.press("belonging.looked.newest")
    assert "command-49." in str(candor.top_modal(ANA))


def test_home_of_who_has_not_opted_in_has_the_button_too(candor: Candor) -> None:
    candor.join("U02")
    assert LOOKED in home(candor, "U02")


def test_guests_are_told_why_they_see_nothing(candor: Candor) -> None:
    released(candor)
    home(candor)
    candor.join("UGUEST", is_restricted=True)
    user = candor.sandbox.user("UGUEST")
    user.press(LOOKED, view=candor.sandbox.workspace.home(ANA), value="UGUEST|")
    assert "Guest accounts" in str(candor.top_modal("UGUEST"))


def test_whether_somebody_wants_a_managers_message_is_shown_to_managers_and_to_who_ever_stopped_it() -> None:
    def said(*, manages: bool, wants: bool) -> bool:
        rows = {"person": [{"id": ANA, "is_manager": manages, "summary_messages": wants}]}
        return any("wants the weekly message" in row for _, row in as_lines(rows))

    assert said(manages=True, wants=True) and said(manages=False, wants=False)
    assert not said(manages=False, wants=True)


def test_what_is_held_of_somebody_names_the_teams_in_whose_summaries_they_count(candor: Candor) -> None:
    released(candor)
    with reading(candor.sessions) as session:
        assert held.rows_of(session, ANA)["cohort"] == [{"person_id": ANA, "season": 1, "team": 3, "path": OFFICE}]
    candor.sandbox.user(ANA).command("/candor", "held")
    shown = str(candor.top_modal(ANA))
    assert "Teams in whose summaries you count, and in all above them, by season" in shown
    assert f"season: 1 · team: 3 · its name: {OFFICE}" in shown
    assert "counts in team summaries when a season opens: yes" in shown


def test_what_somebody_did_in_office_is_shown_to_them_and_to_nobody_else_and_stays(candor: Candor) -> None:
    managed(candor)
    candor.opt_in(MANAGER)
    opens(candor, MANAGER)
    user = candor.sandbox.user(MANAGER)
    user.command("/candor", "held")
    shown = str(candor.top_modal(MANAGER))
    user.close_modal()
    assert "The team whose summary you were to see as its manager: this stays on record" in shown
    assert f"its name: {OFFICE}" in shown
    assert f"what: opened · about: {OFFICE}" in shown
    user.say("export")
    names = {file.name for file in candor.sandbox.workspace.files.values()}
    assert {"candor-held.json", "candor-held.csv"} <= names
    user.say("stop")
    assert "which team's summary you may open" in candor.dms(MANAGER)[-1].text
    user.press("held.erase_now")
    with reading(candor.sessions) as session:
        left, others = held.rows_of(session, MANAGER), held.rows_of(session, ANA)
    assert len(left["ledger_entry"]) == len(left["summary_viewer"]) == 1
    assert "ledger_entry" not in others and "summary_viewer" not in others
