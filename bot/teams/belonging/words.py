"""Which summaries somebody counts in, in plain words: in the digest, in Home, in the opt-in form."""

from datetime import date

from bot.blocks import escape
from bot.policy.terms import Terms, in_words, joined
from bot.teams.belonging.membership import Membership
from bot.teams.calendar import cut_off
from bot.teams.health.usage import FEWEST
from bot.teams.rights import HR
from bot.teams.summary import called
from bot.weeks import short_day

OPEN = "See the team summaries"
WHAT_THEY_ARE = "They are rounded averages of what people reported; nobody's own figures are in them."
SETTLED = (
    "Who counts is settled for a season of twelve weeks, when its first week is published, at the "
    "earliest two weeks after it begins."
)
WHO_COUNTS = (
    "You count from the next season on, if by then you belong to a team, have reported a week in the four weeks before "
    "the season, and have agreed to a policy that names everybody who may then see summaries. Whoever manages a team "
    "or belongs to HR counts in none."
)
IN_OFFICE = "You manage a team (or belong to HR), so you count in none."
NOBODY_LOOKS = "Under the policy in force nobody sees team summaries, so none are shown."
NONE_YET = "No team summary has been published yet."
LEFT = "You have left the team summaries: your check-ins count in none."
GOES_ON = "Your weekly message goes on."
AS_THEY_SEE_IT = (
    "You count in this. Whoever may open it sees this, or less of it, and is written down. That you open it is not."
)
# What a Slack dialog takes: 300 characters.
LEAVING = (
    "Your check-ins leave the summaries at once; what is published stays. In a group of fewer than 20 nothing more is "
    "shown until the next season; nobody is told why. You can no longer see who looked so far. Your weekly message "
    "goes on."
)
NEVER = "From now on you will not count in any season. Your weekly message goes on."
HAS_LEFT = (
    "*You have left the team summaries.* Your check-ins are in none from now on. What was published before stays as it "
    "is: it names nobody. Your weekly message goes on, and only you see it.",
    "Candor does not know which summaries you were part of, if any, so “Who looked” shows what concerns everybody.",
    "You can count again from the next season on: Candor's Home tab has the button.",
)
COMES_BACK = (
    "*You want to count again.* Nothing changes until it is settled who counts in the next season. "
    f"{SETTLED} {WHO_COUNTS}"
)


def in_digest(mine: Membership, today: date) -> str:
    """One line for the weekly message; "" where there is nothing to say. `today` is the UTC day."""
    if mine.season is None or not mine.allowed:
        return ""
    if mine.counts:
        return _counting(mine, today)
    return LEFT if not mine.wants else ""


def in_home(mine: Membership, today: date, *, in_office: bool = False) -> str:
    """What Home says of it; `in_office`: to somebody who manages a team or belongs to HR."""
    if not mine.allowed:
        return NOBODY_LOOKS
    if mine.counts:
        return f"{_counting(mine, today)} {_afterwards(mine, today)}{WHAT_THEY_ARE}"
    if in_office:
        return IN_OFFICE
    if not mine.wants:
        return f"{LEFT} {GOES_ON}"
    if mine.season is None:
        return f"{NONE_YET} {SETTLED} {WHO_COUNTS}"
    return f"You count in no team summary now. {_next(mine, today)} {WHO_COUNTS}"


def only_you(*, may_count: bool) -> str:
    """Who sees a check-in; `may_count`: whether it can be part of a summary."""
    if not may_count:
        return "Only you see what you report."
    return "Only you see what you report; it may count in your teams' rounded averages, and Home says in which."


def _counting(mine: Membership, today: date) -> str:
    until, verb = short_day(mine.last_day), "count" if today <= mine.last_day else "counted"
    if not mine.offered:
        return f"You {verb} in team summaries until {until}; under the policy nobody may open those you are part of."
    names = [called(team.path) for team in mine.shown]
    if not names:
        return f"You {verb} in team summaries until {until}; none that you are part of has been shown."
    which = "summary" if len(names) == 1 else "summaries"
    others = [called(team.path) for team in mine.offered if not team.shown]
    unseen = f"; of {escape(joined(others))} nothing has been shown" if others else ""
    return f"You {verb} in the {which} of {escape(joined(names))}, until {until}{unseen}."


def _afterwards(mine: Membership, today: date) -> str:
    """What comes next, once the season's last day is over."""
    return f"{_next(mine, today)} " if today > mine.last_day else ""


def _next(mine: Membership, today: date) -> str:
    begins = "begins" if today < mine.next_season else "began"
    settled = cut_off(mine.next_season).date()
    # Where nothing could be released, also later: then nobody can say when.
    when = f"settled on {short_day(settled)} at the earliest" if today <= settled else "not settled so far"
    return f"The next season {begins} on {short_day(mine.next_season)}; who counts in it is {when}."


def agreement(terms: Terms) -> str:
    """What the opt-in form says of summaries: part of what is agreed to."""
    if not terms.who_sees.team_summaries:
        return "Under this version nobody sees team summaries."
    return (
        f"Your check-ins may also count in summaries of teams, which {_seen_by(terms)} may see: rounded averages, "
        f"never of fewer than {terms.smallest_group} people, without names, notes or usage. You see the same summaries "
        "and who opened them, and you can leave them and keep your weekly message."
        f"{_with_use(terms)}"
    )


def _with_use(terms: Terms) -> str:
    """The one thing about use that anybody else is shown: organisation health."""
    if HR not in terms.who_sees.team_summaries:
        return ""
    return (
        " Of everybody who counts, all together and never of fewer than "
        f"{FEWEST}, HR is also shown on how many days a week their tools report use, on average."
    )


def in_receipt(terms: Terms, counts: bool) -> dict[str, object]:
    """The same for the receipt; `counts`: whether the person has not left the summaries."""
    return {
        "check_ins_may_count": counts,
        "what": f"rounded averages of check-ins, without names, notes or usage.{_with_use(terms)}",
        "seen_by": list(terms.who_sees.team_summaries),
        "smallest_group": terms.smallest_group,
        "withdrawal_method": "Press “Leave the summaries” in Candor's Home tab; the weekly message goes on.",
    }


def _seen_by(terms: Terms) -> str:
    return in_words("who_sees.team_summaries", terms.who_sees.team_summaries)
