"""Which summaries somebody counts in, in plain words: in the digest, in Home, in the opt-in form."""

from datetime import date

from bot.blocks import escape
from bot.policy.terms import Terms, in_words, joined
from bot.teams.belonging.membership import Membership
from bot.teams.health.usage import FEWEST
from bot.teams.rights import HR
from bot.teams.summary import called

WHAT_THEY_ARE = "They are rounded averages of what people reported; nobody's own figures are in them."
WHO_COUNTS = (
    "Who counts is settled when a season of twelve weeks begins: who has opted in, stands in a team, reported a week "
    "in the four weeks before, and agreed to everybody who may see summaries. Whoever manages a team or belongs to HR "
    "counts in none."
)
NOBODY_LOOKS = "Under the policy in force nobody sees team summaries, so none are shown."
NONE_YET = "No team summary has been published yet."
LEFT = "You have left the team summaries: your check-ins count in none."
GOES_ON = "Your weekly message goes on."
AS_THEY_SEE_IT = (
    "You count in this. Whoever may open it sees exactly this, and is written down. That you open it is not."
)
# What a Slack dialog takes: 300 characters.
LEAVING = (
    "Your check-ins leave the summaries at once; what is published already stays. Where fewer than 20 people count, "
    "the summary then pauses until the next season. You can no longer see who looked so far. Your weekly message goes "
    "on."
)
HAS_LEFT = (
    "*You have left the team summaries.* Your check-ins are in none any more. What was published before stays as it "
    "is: it names nobody. Your weekly message goes on, and only you see it.",
    "Candor does not know any more which summaries you were part of, so “Who looked” shows what concerns everybody.",
    "You can count again from the next season on: Candor's Home tab has the button.",
)
COMES_BACK = (
    "*You want to count again.* Until the next season begins nothing changes. Then you count as everybody does: if you "
    "stand in a team and reported a week in the four weeks before it."
)


def in_digest(mine: Membership, today: date) -> str:
    """One line for the weekly message; "" where there is nothing to say yet. `today` is the UTC day."""
    if mine.season is None or not mine.allowed:
        return ""
    if mine.counts:
        return _counting(mine, today)
    return LEFT if not mine.wants else "You count in no team summary now; Candor's Home tab says why that may be."


def in_home(mine: Membership, today: date) -> str:
    """What Home says of it."""
    if not mine.allowed:
        return NOBODY_LOOKS
    if not mine.wants:
        return f"{LEFT} {GOES_ON}"
    if mine.season is None:
        return f"{NONE_YET} {WHO_COUNTS}"
    if mine.counts:
        return f"{_counting(mine, today)} {WHAT_THEY_ARE}"
    return f"You count in no team summary. {WHO_COUNTS} {_next(mine, today)}"


def _counting(mine: Membership, today: date) -> str:
    until, verb = _day(mine.last_day), "count" if today <= mine.last_day else "counted"
    names = [called(team.path) for team in mine.shown]
    if not names:
        return f"You {verb} in team summaries until {until}; none that you are part of has been shown."
    which = "summary" if len(names) == 1 else "summaries"
    return f"You {verb} in the {which} of {escape(joined(names))}, until {until}."


def _next(mine: Membership, today: date) -> str:
    begins = "begins" if today < mine.next_season else "began"
    return f"The next season {begins} on {_day(mine.next_season)}."


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


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
