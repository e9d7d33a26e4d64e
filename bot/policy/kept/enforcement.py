"""Term by term: its value, what enforces it, and the test that proves it. A test holds every row to the code."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.policy.terms import Terms, Value, flat, in_words

_IMPORTING = "bot/usage/admission.py: admitted"


@dataclass(frozen=True)
class Rule:
    """How one term is kept: `how` in plain words, by which functions ("file: function"), and which test proves it
    ("file::test"). `check` says to an employee how to see for themselves."""

    how: str
    functions: tuple[str, ...]
    test: str
    check: str


@dataclass(frozen=True)
class Row:
    """A term with its value, and what enforces it."""

    term: str
    value: Value
    rule: Rule

    @property
    def shown(self) -> str:
        """The value in words."""
        return in_words(self.term, self.value)

    @property
    def by(self) -> str:
        """The functions that enforce it."""
        return ", ".join(self.rule.functions)


_ONLY_YOU = Rule(
    how="No page, command or report reads a person's rows for anybody else; the schema takes no other viewer.",
    functions=("bot/policy/terms.py: WhoSees", "storage/held.py: rows_of"),
    test="tests/test_architecture.py::test_whoever_comes_to_read_figures_has_to_be_named_here",
    check="Look at every button of your Home tab and at the list that `help` brings: none takes another's name.",
)
_FIELDS = Rule(
    how="Other columns are never written; what is held of them is emptied within the hour.",
    functions=(_IMPORTING, "storage/retention.py: delete_other_fields"),
    test="tests/usage/test_terms_at_the_door.py::test_only_the_fields_of_a_persons_own_terms_are_stored",
    check="“See exactly what is collected” lists the fields; in “What we hold” no row has another.",
)
_RULES: Mapping[str, Rule] = {
    "tools": Rule(
        how="Of other tools nothing is read; what is held of them is deleted within the hour.",
        functions=(_IMPORTING, "storage/retention.py: delete_other_tools"),
        test="tests/held/test_obeying.py::test_a_tool_that_the_policy_no_longer_names_is_gone_and_does_not_come_back",
        check="“What we hold” has no row of any other tool.",
    ),
    "retention_weeks.usage": Rule(
        how="Every hour older usage days are deleted; older days of a file are not taken.",
        functions=("storage/retention.py: delete_usage_before", _IMPORTING),
        test="tests/held/test_obeying.py::test_each_kind_is_kept_for_its_own_weeks_and_not_longer",
        check="No usage day in “What we hold” is older, counted in whole weeks.",
    ),
    "retention_weeks.check_ins": Rule(
        how="Every hour older check-ins are deleted.",
        functions=("storage/retention.py: delete_check_ins_before",),
        test="tests/held/test_obeying.py::test_each_kind_is_kept_for_its_own_weeks_and_not_longer",
        check="No check-in in “What we hold” is of an older week.",
    ),
    "retention_weeks.messages": Rule(
        how="Every hour older messages and files with figures are deleted in Slack, and tried again until they are.",
        functions=("storage/retention.py: delete_messages_before",),
        test="tests/held/test_obeying.py::test_each_kind_is_kept_for_its_own_weeks_and_not_longer",
        check="Scroll up in Candor's direct message: older messages with figures are gone.",
    ),
    "retention_weeks.leavers": Rule(
        how="Whoever left longer ago is deleted, with everything that is held of them.",
        functions=("bot/held/erase.py: forget_leavers",),
        test="tests/held/test_obeying.py::test_a_leaver_goes_by_the_strictest_weeks_since_they_agreed",
        check="You cannot: your account is switched off by then. A test of the program checks it.",
    ),
    "retention_weeks.questions": Rule(
        how="Older questions to HR are deleted; nothing with them says who asked.",
        functions=("storage/retention.py: delete_questions_of",),
        test="tests/held/test_obeying.py::test_a_question_to_hr_goes_by_the_strictest_weeks_since_it_was_sent",
        check="You cannot: nothing says which questions were yours. A test of the program checks it.",
    ),
    "retention_weeks.ledger": Rule(
        how="Every hour older entries of the ledger are deleted, and who counted in the seasons that they tell of. A "
        "version with fewer weeks holds only for what is written after it took effect.",
        functions=("bot/ledger/pruning.py: prune", "storage/seasons.py: forget_cohorts"),
        test="tests/ledger/test_pruning.py::test_a_version_with_fewer_weeks_deletes_nothing_that_was_written_before_it",
        check="Open “Who looked” on your Home tab: no entry is missing that is younger.",
    ),
    "who_sees.usage": _ONLY_YOU,
    "who_sees.check_ins": _ONLY_YOU,
    "who_sees.team_summaries": Rule(
        how="Each time somebody wants to open a summary, the policy in force and the season both have to allow it.",
        functions=("bot/teams/rights.py: allowed", "bot/teams/opening.py: open_season"),
        test="tests/teams/health/test_page.py::test_a_policy_that_shows_hr_no_summaries_shows_it_no_health_either",
        check="Open “Who looked” on your Home tab: it names every manager, leader or person of HR who opened a summary "
        "in which you count.",
    ),
    "pulse_weeks": Rule(
        how="So many weeks after a pulse began the next one opens by itself, at working hours; HR can open it earlier.",
        functions=("bot/pulse/composing/rhythm.py: due_from", "bot/pulse/composing/situation.py: situation"),
        test="tests/pulse/composing/test_rhythm.py::test_a_wave_opens_by_itself_when_the_policys_weeks_have_passed",
        check="Your Home tab shows a pulse while it is open: compare the days on which two of them began.",
    ),
    "who_sees.pulse_results": Rule(
        how="There is one page of results, for everybody from the same moment; HR's file holds its lines and no more.",
        functions=(
            "bot/policy/terms.py: WhoSees",
            "bot/pulse/results/reading.py: read",
            "bot/pulse/results/table.py: rows",
        ),
        test="tests/pulse/results/test_download.py::test_the_download_is_cell_by_cell_what_everybody_sees",
        check="Open “All results” on your Home tab: managers, HR and you open the same page.",
    ),
    "smallest_group": Rule(
        how="A pulse that fewer answered is destroyed unopened; a line of it that fewer are behind, and a team in "
        "which fewer count, is “not shown”.",
        functions=(
            "bot/pulse/closing.py: gates",
            "bot/pulse/banding.py: publishable",
            "bot/teams/gates.py: planned",
            "bot/teams/gates.py: shown",
        ),
        test="tests/pulse/results/test_terms.py::test_the_stricter_smallest_group_of_opening_and_closing_holds",
        check="Results are bands of 20 points; where too few answered, they say “not shown” or show nothing at all.",
    ),
    "smallest_group_comments": Rule(
        how="With fewer ballots no comment of a pulse is kept or shown.",
        functions=("bot/pulse/closing.py: gates", "bot/pulse/banding.py: publishable"),
        test="tests/pulse/results/test_terms.py::test_comments_are_shown_from_their_own_smallest_group_on",
        check="You cannot: no page says how many have answered. A test of the program checks it.",
    ),
    "hours.digest": Rule(
        how="The first message of whoever opts in is planned for this local hour.",
        functions=("bot/consent/opt_in.py: first_preference",),
        test="tests/consent/test_terms.py::test_the_first_digest_comes_at_the_hour_of_the_policy_in_force",
        check="Your Home tab says when the next message comes; an hour that you chose yourself stays.",
    ),
    "hours.invitations": Rule(
        how="Invitations to a pulse, notices of a new version, and the weekly message to whoever manages a team that "
        "its summary is there, are planned for this local hour.",
        functions=(
            "bot/pulse/inviting/planning.py: plan",
            "bot/policy/publishing/notices.py: plan",
            "bot/teams/viewing/planning.py: hour_of_invitations",
        ),
        test="tests/policy/publishing/test_notices.py::test_a_notice_comes_at_the_local_hour_of_the_policy",
        check="Look at the time of Candor's invitations, notices and team messages in your direct message.",
    ),
}


def rows(terms: Terms) -> list[Row]:
    """One row for every term, in the order of the front matter."""
    return [Row(term, value, rule_of(term)) for term, value in flat(terms).items()]


def rule_of(term: str) -> Rule:
    """How the term is kept. Raises `KeyError` for what is no term."""
    return _FIELDS if term.startswith("tools.") else _RULES[term]
