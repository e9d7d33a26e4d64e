"""What HR sees of the pulse: where it stands, and the form that prepares the next one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.blocks import (
    Block,
    Option,
    View,
    actions,
    button,
    choice,
    context,
    divider,
    escape,
    input_block,
    lines,
    modal,
    notice,
    option,
    options,
    plain,
    section,
    text_input,
)
from bot.edge import ref
from bot.policy.publishing.words import date_time_words, date_words
from bot.pulse.closing import closable_from
from bot.pulse.composing.bank import (
    CANDOUR,
    CLARITY,
    FIXED,
    HR_QUESTION,
    LONGEST_OWN,
    SHOWN_IN_LIST,
    one_line,
)
from bot.pulse.composing.composition import NOTHING, OWN, OWN_FIELD, SLOTS, WEEKS_FIELD
from bot.pulse.composing.situation import Situation
from bot.pulse.keyless import keyless_words
from bot.pulse.questions import Question
from bot.pulse.trustee.words import with_trustee
from storage.tables import Wave
from storage.waves import State

TITLE = "The pulse"
# Five lists of more than these would be too much for one form; every promise comes up when it is its turn.
MOST_PROMISES = 60
_UNSEEN = (
    "No page, command or report says who has answered, or, before it closes, how many. HR sees no more than everybody "
    "does."
)
_LENGTHS = [("1", "One week"), ("2", "Two weeks")]


def manage_button(person_id: str) -> Block:
    """HR's button of the Home tab."""
    return button("Manage the pulse", "pulse.manage", ref(person_id))


def manage(person_id: str, seen: Situation, tz: str) -> View:
    """What is under way and, where a wave can be opened, the form that prepares it."""
    blocks = [*_standing(person_id, seen, tz), divider(), *_last_asked(seen)]
    if seen.refusal is not None:
        return modal("pulse.managed", TITLE, blocks)
    blocks += [divider(), *_form(seen)]
    metadata = ref(person_id, str(seen.policy.number))
    return modal("pulse.compose", TITLE, blocks, submit="See what people get", metadata=metadata)


def your_time(moment: datetime, tz: str) -> str:
    """A moment where the reader is: "3 December 2026, 13:00, your time"."""
    return f"{date_time_words(moment, tz)}, your time"


def _standing(person_id: str, seen: Situation, tz: str) -> Iterator[Block]:
    wave = seen.unfinished
    if wave is None:
        yield section(f"*No pulse is open.* {_next(seen, tz)}")
        if seen.refusal is not None:
            yield section(escape(seen.refusal))
    elif wave.state == State.OPEN.value and wave.closes_at > seen.now:
        if seen.keyless:
            yield section(keyless_words(wave, seen.now))
        yield section(f"*Pulse {wave.number} is open until {your_time(wave.closes_at, tz)}.*")
        yield context(_UNSEEN)
        yield _closing(person_id, seen, wave, tz)
    else:
        yield section(keyless_words(wave, seen.now) if seen.keyless else _ended(wave))


def _next(seen: Situation, tz: str) -> str:
    weeks = seen.terms.pulse_weeks
    rhythm = "every week" if weeks == 1 else f"every {weeks} weeks"
    return (
        f"The policy asks for one {rhythm}: the next opens by itself, with the questions whose turn it is, on "
        f"{your_time(seen.rhythm.opens_by_itself, tz)}."
    )


def _ended(wave: Wave) -> str:
    if said := with_trustee(wave):
        return escape(said)
    return (
        f"*Pulse {wave.number} has ended and is being counted.* The results appear for everybody at the same moment, "
        "usually within minutes."
    )


def _closing(person_id: str, seen: Situation, wave: Wave, tz: str) -> Block:
    first = closable_from(wave)
    if seen.now >= first:
        return actions(_close_button(person_id, wave, seen.needed))
    return section(
        f"You can close it earlier, but only from {your_time(first, tz)} on, 48 hours of weekdays after it "
        "opened: nobody is to choose whose answers are counted."
    )


def _close_button(person_id: str, wave: Wave, needed: int | None) -> Block:
    sure = {
        "title": plain("Close it now?"),
        "text": plain(
            "No answer is taken after that, and it cannot be opened again. If fewer than "
            f"{needed} people have answered, all answers are destroyed unopened. No page tells you beforehand "
            "whether that is so."
        ),
        "confirm": plain("Close it now"),
        "deny": plain("Leave it open"),
        "style": "danger",
    }
    return button("Close it now", "pulse.close", ref(person_id, wave.id), style="danger", confirm=sure)


def _last_asked(seen: Situation) -> list[Block]:
    if not seen.promises:
        return [section("The policy in force marks no clause as a promise of people, so there is none to ask about.")]
    shown = seen.asked.longest_ago(seen.promises)[:MOST_PROMISES]
    rows = ["*When each promise was last asked about, longest ago first*", *(_row(seen, each) for each in shown)]
    if len(seen.promises) > len(shown):
        rows.append(f"… and {len(seen.promises) - len(shown)} more.")
    return lines(rows)


def _row(seen: Situation, question: Question) -> str:
    wave = seen.last_wave_with(question)
    when = f"pulse {wave.number}, {date_words(wave.opened_at)}" if wave else "never"
    return f"• “{escape(one_line(question.clause or '', SHOWN_IN_LIST))}”: {when}"


def _form(seen: Situation) -> Iterator[Block]:
    yield section(
        "*Prepare the next one: three to five questions.* Chosen are those whose turn it is. Everybody is asked the "
        "same, and every question can be left out."
    )
    groups, chosen = _groups(seen), [each.id for each in seen.default]
    for number, slot in enumerate(SLOTS):
        initial = chosen[number] if number < len(chosen) else NOTHING
        yield input_block(slot, f"Question {number + 1}", _select(groups, initial))
    yield input_block(
        OWN_FIELD,
        HR_QUESTION,
        text_input(limit=LONGEST_OWN),
        optional=True,
        hint=f"A statement that one can agree with, on the same five points. It is labelled “{HR_QUESTION}”.",
    )
    yield input_block(WEEKS_FIELD, "It stays open for", choice("radio_buttons", _LENGTHS, _LENGTHS[0][0]))


Groups = Sequence[tuple[str, Sequence[Option]]]


def _groups(seen: Situation) -> Groups:
    promises = [
        (each.id, f"“{one_line(each.clause or '', SHOWN_IN_LIST - 2)}”")
        for each in seen.asked.longest_ago(seen.promises)[:MOST_PROMISES]
    ]
    others = [each for each in FIXED if each not in CLARITY and each not in CANDOUR]
    groups = [
        ("This promise is followed in practice", promises),
        ("How clear it is", _named(CLARITY)),
        ("How openly it is explained", _named(CANDOUR)),
        ("Others", [*_named(others), (OWN, f"{HR_QUESTION}, written below"), (NOTHING, "(nothing)")]),
    ]
    return [(label, pairs) for label, pairs in groups if pairs]


def _named(questions: Sequence[Question]) -> list[Option]:
    return [(each.id, one_line(each.text, SHOWN_IN_LIST)) for each in questions]


def _select(groups: Groups, initial: str) -> Block:
    every = {value: text for _, pairs in groups for value, text in pairs}
    return {
        "type": "static_select",
        "option_groups": [{"label": plain(label), "options": options(pairs)} for label, pairs in groups],
        "initial_option": option(every[initial], initial),
    }


def refused(words: str) -> View:
    """Why nothing was done, in place of the page."""
    return notice(TITLE, escape(words))
