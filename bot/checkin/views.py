"""The check-in form: at most three fields and one optional line."""

from datetime import date, datetime, timedelta

from bot.blocks import View, checkboxes, choice, context, input_block, modal, section, text_input
from bot.checkin.bands import HELPED, REWORK, SAVED
from bot.checkin.report import NOTE_LIMIT
from bot.edge import ref
from bot.teams.belonging.words import only_you
from bot.weeks import day_words, week_words, zone
from storage.tables import CheckIn


def form(person_id: str, week: date, closes: datetime, tz: str, held: CheckIn | None, *, may_count: bool) -> View:
    """The check-in modal for one week, filled with what is already held; `may_count`: whether the person has not left
    the team summaries."""
    last_day = day_words(closes.astimezone(zone(tz)).date() - timedelta(days=1))
    blocks = [
        section(f"*The week of {week_words(week)}.* You can correct it until {last_day}, 24:00."),
        context(only_you(may_count=may_count)),
        input_block(
            "saved",
            "Hours AI saved you, before any rework",
            choice("radio_buttons", [(b.code, b.words) for b in SAVED.values()], held.saved if held else None),
        ),
        input_block(
            "rework",
            "Hours lost to correcting or redoing AI output",
            choice("radio_buttons", [(b.code, b.words) for b in REWORK.values()], held.rework if held else None),
        ),
        input_block(
            "helped",
            "What it helped with",
            checkboxes(list(HELPED.items()), held.helped if held else ()),
            optional=True,
        ),
        input_block(
            "note",
            "A line for yourself",
            text_input(limit=NOTE_LIMIT, value=held.note if held else None),
            optional=True,
        ),
        context("A rough guess is fine. Nothing here is used to compare you with anybody."),
    ]
    return modal(
        "checkin.submit", "Check-in", blocks, submit="Save", close="Cancel", metadata=ref(person_id, str(week))
    )
