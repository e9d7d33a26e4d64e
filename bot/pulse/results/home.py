"""The pulse on the Home tab: the same for everybody, whether they answered or not, opted in or not."""

from collections.abc import Iterator

from bot.blocks import Block, actions, bullets, button, context, divider, header, plain_section, section
from bot.edge import ANYONE, ref
from bot.policy.publishing.words import date_words
from bot.pulse.results.blocks import belief_table, outcome_words, wave_lines
from bot.pulse.results.standing import Standing
from bot.pulse.trustee.words import with_trustee
from bot.weeks import moment_words
from storage.tables import Person

ASKED = (
    "Everybody is asked, opted in or not. No page, command or report says who has answered, and this page stays the "
    "same when you have."
)
COUNTED = "It is being counted. The results come to everybody at the same moment."
NONE_YET = "No pulse is open, and none has closed yet."


def home_section(person: Person, standing: Standing) -> list[Block]:
    """The section for one person; the time is in their zone."""
    results = actions(button("All results", "pulse.results", ref(ANYONE)))
    return [divider(), header("The pulse"), *_under_way(person, standing), *_newest(standing), results]


def _under_way(person: Person, standing: Standing) -> Iterator[Block]:
    if standing.keyless is not None:
        yield section(standing.keyless)
    elif (wave := standing.open) is not None:
        until = f"*Pulse {wave.number} is open until {moment_words(wave.closes_at, person.tz)} your time*"
        said = f"{until}; HR may close it earlier. It takes about a minute."
        yield section(said, button("Answer the pulse", "ballot.open", ref(ANYONE, wave.id), style="primary"))
        yield context(ASKED)
    elif (wave := standing.counting) is not None:
        yield section(with_trustee(wave) or f"*Pulse {wave.number} takes no more answers.* {COUNTED}")
    elif not standing.results.waves:
        yield section(NONE_YET)


def _newest(standing: Standing) -> Iterator[Block]:
    """The newest pulse in words, then belief over the last ones as a table."""
    results = standing.results
    if not results.waves:
        return
    wave = results.waves[0]
    about = f"*Pulse {wave.number}, opened on {date_words(wave.opened_at)}, version {wave.policy_number} of the policy*"
    yield section(about)
    yield bullets(wave_lines(results, wave)) if wave.outcome == "results" else plain_section(outcome_words(wave))
    if (table := belief_table(results)) is not None:
        yield context("Belief in each promise over the last pulses, of 100, in bands of 20 points")
        yield table
