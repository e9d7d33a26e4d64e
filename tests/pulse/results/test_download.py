"""What HR can take away: exactly what everybody sees, and nothing more."""

import csv
import io
from collections.abc import Iterator, Sequence

from bot.blocks import Block
from bot.pulse.composing.bank import CANDOUR, own
from bot.pulse.results.table import HEADER
from bot.sandbox.faults import Fault
from tests.candor import HR, Candor
from tests.pulse.results.acts import cast_all, open_results, pulse, results_text
from tests.pulse.results.test_replies import write
from tests.pulse.world import BELIEF, COMMENT, GAMING, begin, finish, vote

QUESTIONS = (BELIEF, CANDOUR[0], GAMING, own("=Is it <so>?"), COMMENT)
Line = tuple[str, ...]
# What a formula can begin with, also in the full-width forms.
SIGNS = "=+-@＝＋－＠"


def download(office: Candor) -> list[Line]:
    """Press the button in all results; returns the lines of the file under its header."""
    actor = office.sandbox.user(HR)
    while office.sandbox.workspace.modals(HR):
        actor.close_modal()
    actor.open_home()
    actor.press("pulse.results", view=office.sandbox.workspace.home(HR))
    actor.press("pulse.download")
    (file,) = [each for each in office.sandbox.workspace.files.values() if each.name == "pulse-results.csv"]
    assert file.channel == office.sandbox.workspace.dm(HR)
    header, *lines = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert tuple(header) == HEADER
    return [tuple(line) for line in lines]


def fill(office: Candor) -> None:
    """Three pulses of all kinds of questions, one with too few answers; comments; and two replies."""
    pulse(office, {"5": 2}, questions=QUESTIONS)
    pulse(office, {"5": 12, "1": 8, "0": 3}, {"1": 12}, comments=["An old word"])
    wave = begin(office, QUESTIONS)
    cast_all(office, wave, "belief:never", {"5": 3, "1": 9})
    for number in range(12):
        answers = {each.id: "5" for each in QUESTIONS if each.scale}
        vote(office, wave, f"U7{number}", answers, comment=f"{SIGNS[number % 8]}Word {number} <!channel>")
    finish(office, wave)
    write(office, "+ We did this.")
    office.clock.pass_by(days=1)
    write(office, "And that.")


def shown_lines(blocks: Sequence[Block]) -> Iterator[Line]:
    """What stands in the tables that everybody sees: what it is about, the pulse, who, and the two bands."""
    about = ""
    for block in blocks:
        part: Block = block["elements"][0] if block["type"] == "rich_text" else {"type": ""}
        if part["type"] == "rich_text_section":
            about = "".join(each["text"] for each in part["elements"])
        if part["type"] == "rich_text_preformatted":
            head, *rows = part["elements"][0]["text"].split("\n")
            starts = [head.index(column) for column in ("Pulse", "Who", "Agree", "Do not know")]
            for row in rows:
                ends = [*starts[1:], len(row)]
                yield (about, *(row[start:end].strip() for start, end in zip(starts, ends, strict=True)))


def quotes(blocks: Sequence[Block]) -> list[str]:
    """What people wrote, as it is shown."""
    parts = [part for block in blocks if block["type"] == "rich_text" for part in block["elements"]]
    return [part["elements"][0]["text"] for part in parts if part["type"] == "rich_text_quote"]


def as_typed(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:2] in {f"'{sign}" for sign in SIGNS} else cell


def test_the_download_is_cell_by_cell_what_everybody_sees(office: Candor) -> None:
    fill(office)
    blocks, text = open_results(office, "U01"), results_text(office)
    lines = download(office)
    counted = [line for line in lines if line[6]]
    titles = [as_typed(line[4]) if line[0] == "Promise" else f"{line[0]}: “{as_typed(line[4])}”" for line in counted]
    in_file = [(title, line[1], *line[6:]) for title, line in zip(titles, counted, strict=True)]
    assert in_file == list(shown_lines(blocks))
    assert len(in_file) == 4 + 3 * 3 + 3 * 4
    written = [as_typed(line[5]) for line in lines if line[0] in ("You said, we did", "Comment")]
    assert written == quotes(blocks)
    assert len(written) == 2 + 12
    for line in counted:
        assert as_typed(line[5]) in text
        assert f"version {line[3]}" in text
    assert {line[4] for line in lines if line[5] == "never asked"} <= set(text.split("\n"))


def test_the_days_in_the_file_are_the_days_that_everybody_sees(office: Candor) -> None:
    fill(office)
    text = results_text(office)
    days = {line[1]: line[2] for line in download(office) if line[6]}
    assert days == {"3": "2026-12-30", "2": "2026-12-09", "1": "2026-11-18"}
    for number, day in (("3", "30 December 2026"), ("2", "9 December 2026"), ("1", "18 November 2026")):
        assert f"Pulse {number}, opened on {day}" in text


def test_no_cell_begins_like_a_formula(office: Candor) -> None:
    fill(office)
    cells = [cell for line in download(office) for cell in line]
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(tuple(SIGNS))]


def test_only_hr_downloads_whatever_somebody_forges(office: Candor) -> None:
    pulse(office, {"5": 12})
    download(office)
    payload = office.sandbox.last_payload("interactive")
    payload["user"]["id"] = "U01"
    payload["actions"][0]["value"] = "U01|"
    office.sandbox.send_raw(payload, "interactive")
    assert len(office.sandbox.workspace.files) == 1


def test_a_download_needs_no_opt_in_and_opting_out_leaves_it(office: Candor) -> None:
    pulse(office, {"5": 12})
    office.opt_in(HR)
    download(office)
    user = office.sandbox.user(HR)
    while office.sandbox.workspace.modals(HR):
        user.close_modal()
    user.open_home()
    user.press("held.stop", view=office.sandbox.workspace.home(HR))
    user.fill_and_submit()
    office.tick()
    (file,) = office.sandbox.workspace.files.values()
    assert not file.deleted


def test_when_slack_takes_no_file_hr_is_told(office: Candor) -> None:
    pulse(office, {"5": 12})
    office.sandbox.faults.add(Fault(method="files.getUploadURLExternal", kind="error_500_before"))
    actor = office.sandbox.user(HR)
    actor.open_home()
    actor.press("pulse.results", view=office.sandbox.workspace.home(HR))
    actor.press("pulse.download")
    assert not office.sandbox.workspace.files
    assert "Something went wrong on our side" in office.dms(HR)[-1].text
