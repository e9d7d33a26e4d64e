"""What who has a message read out hears: all that its blocks say, and what was removed and added, in words."""

from bot.blocks import Block
from bot.policy.publishing.difference import difference
from bot.policy.publishing.spoken import TEXT, shortened, spoken
from bot.policy.views import difference_blocks
from bot.sandbox.model import Message
from tests.candor import HR, Candor
from tests.policy.publishing.acts import CHANNEL, drop, looser, policy, press, publish
from tests.policy.publishing.test_notices import THURSDAY, notices_of, opted_in

OLD = "# How long\n\nUsage is deleted after 26 weeks.\n\n# Old\n\nThis goes.\n"
NEW = "# How long it is\n\nUsage is deleted after 52 weeks.\n\n# New\n\nThis comes.\n"


def lines(blocks: list[Block]) -> list[str]:
    return [line.strip() for line in spoken(blocks).split("\n")]


def test_a_changed_sentence_is_said_as_it_was_and_as_it_is() -> None:
    blocks = difference_blocks(difference(OLD.split("# Old")[0], OLD.replace("26", "52").split("# Old")[0]))
    assert lines(blocks) == [
        "How long  (changed)",
        "Before: Usage is deleted after 26 weeks.",
        "Now: Usage is deleted after 52 weeks.",
    ]
    styles = [part.get("style") for block in blocks for part in block["elements"][0]["elements"]]
    assert {"strike": True} in styles
    assert {"bold": True} in styles


def test_clauses_and_headings_that_came_or_went_are_said_so() -> None:
    said = lines(difference_blocks(difference(OLD, NEW)))
    assert said == [
        "How long it is  (changed)",
        "Heading before: How long",
        "Before: Usage is deleted after 26 weeks.",
        "Now: Usage is deleted after 52 weeks.",
        "New  (new clause)",
        "Added: This comes.",
        "Old  (removed)",
        "Removed: This goes.",
    ]


def test_the_difference_of_a_draft_reads_without_styling(office: Candor) -> None:
    press(office, "draft.difference", drop(office, policy(office, more="A sentence that is new.")))
    said = spoken(office.top_modal(HR)["blocks"])
    assert "Before: Usage is deleted 26 weeks after" in said
    assert "Now: Usage is deleted 12 weeks after" in said


def names_of_buttons(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


def require_all_said(message: Message) -> None:
    assert message.text == spoken(message.blocks)
    assert names_of_buttons(message)
    for name in names_of_buttons(message):
        assert name in message.text


def test_the_text_of_a_preview_says_what_is_changed_missing_and_can_be_pressed(office: Candor) -> None:
    preview = drop(office, looser(office, more="After 30 weeks."))
    require_all_said(preview)
    for words in ("52, until now 26", "Who will be asked again", "“30 weeks” is none of the terms", "Handed in by"):
        assert words in preview.text


def test_the_text_of_the_announcement_and_of_a_notice_says_all_that_is_on_screen(office: Candor) -> None:
    opted_in(office, "U01")
    publish(office, looser(office))
    office.tick()
    office.tick_at(THURSDAY)
    (post,) = office.sandbox.workspace.messages(CHANNEL)
    (notice,) = notices_of(office, "U01")
    require_all_said(post)
    require_all_said(notice)
    assert "looser ones for nobody who does not agree" in post.text
    assert "Nothing happens if you press none of these." in notice.text
    office.sandbox.user("U01").press("policy.seen", message=notice)
    (seen,) = notices_of(office, "U01")
    require_all_said(seen)
    assert "you said that you have read version 2" in seen.text
    assert "I have read it" not in seen.text


def test_a_text_is_never_cut_off_within_an_escaped_character() -> None:
    for length in range(TEXT - 8, TEXT + 2):
        cut = shortened("x" * length + "&amp;" * 3)
        assert len(cut) <= TEXT
        assert cut.replace("&amp;", "").count("&") == 0
