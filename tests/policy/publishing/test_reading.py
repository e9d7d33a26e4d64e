"""Reading the policy: any version, who keeps each clause, what is coming, and what changed."""

import copy
import re

import pytest

from bot.policy.reading import Shelf
from bot.policy.rendering import characters, rich_text
from bot.policy.views import reader
from bot.sandbox.limits.views import check_view
from storage.tables import PolicyVersion
from tests.candor import START, Candor
from tests.policy.publishing.acts import looser, policy, publish


def version(text: str) -> PolicyVersion:
    return PolicyVersion(
        hash="0" * 64,
        number=1,
        title="t",
        contact="c",
        effective=START.date(),
        text=text,
        terms={"tools": ["cursor"], "retention_weeks": 26},
        published_at=START,
        in_force_from=START,
    )


def shown(candor: Candor, user: str = "U01") -> str:
    return str(candor.top_modal(user))


def opened(candor: Candor, word: str = "policy") -> str:
    candor.sandbox.user("U01").command("/candor", word)
    return shown(candor)


def literals(node: object) -> str:
    """All text of rich text, in order."""
    if isinstance(node, dict):
        return str(node.get("text", "")) + "".join(literals(each) for each in node.get("elements", []))
    return "".join(map(literals, node)) if isinstance(node, list) else ""


def test_the_whole_policy_can_be_read_from_home(candor: Candor) -> None:
    candor.join("U01")
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("policy.read")
    for heading in ("Who sees it", "What it is never used for", "Opting in and out"):
        assert heading in shown(candor)


def test_each_clause_says_who_keeps_it(candor: Candor) -> None:
    candor.join("U01")
    text = opened(candor)
    assert "The program keeps this: Weeks that usage is kept: 26" in text
    assert "Who sees team summaries: managers, leaders and HR" in text
    assert text.count("A promise that only people can keep") > 3


def test_a_coming_version_is_announced_on_top_with_what_will_change(candor: Candor) -> None:
    candor.join("U01")
    publish(candor, looser(candor))
    text = opened(candor)
    assert "Version 1, in force since" in text
    assert "Version 2 takes effect on 3 December 2026" in text
    candor.sandbox.user("U01").press("policy.changed")
    assert "52, until now 26" in shown(candor)


def test_every_version_stays_readable_and_can_be_chosen(candor: Candor) -> None:
    candor.join("U01")
    publish(candor, policy(candor, usage=12))
    assert "Usage is deleted 12 weeks" in opened(candor)
    candor.sandbox.user("U01").press("policy.version", selected="1")
    assert "Version 1, an old one" in shown(candor)
    assert "How you are consulted" in shown(candor)


def test_whoever_opted_in_sees_what_changed_since_then(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    assert "policy.changed" not in opened(candor)
    candor.sandbox.user("U01").close_modal()
    publish(candor, policy(candor, usage=20))
    publish(candor, policy(candor, usage=12))
    opened(candor)
    candor.sandbox.user("U01").press("policy.changed")
    assert "From version 1 to version 3" in shown(candor)
    assert "12, until now 26" in shown(candor)


def test_somebody_who_never_opted_in_is_told_so_in_words(candor: Candor) -> None:
    candor.join("U01")
    publish(candor, policy(candor))
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("policy.read")
    forged = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    forged["actions"][0] |= {"action_id": "policy.changed", "value": "U01|"}
    candor.sandbox.send_raw(forged, "interactive")
    assert "You have not opted in" in shown(candor) + str(candor.dms("U01"))


@pytest.mark.parametrize("subject", ["9", "1-9", "read:9:0", "diff:x-y:0"])
def test_a_version_that_does_not_exist_is_answered_in_words(candor: Candor, subject: str) -> None:
    candor.join("U01")
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("policy.read")
    user.close_modal()
    action = "policy.page.next" if ":" in subject else "policy.changed" if "-" in subject else "policy.read"
    forged = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    forged["actions"][0] |= {"action_id": action, "value": f"U01|{subject}"}
    candor.sandbox.send_raw(forged, "interactive")
    assert re.search("no version 9|not known", candor.dms("U01")[-1].text)


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(f"# Clause {n} <!channel>\n\n{'word & ' * 60}" for n in range(140)),
        "# One\n\n" + "中" * 59_000,
        "# One\n\n" + "a *b* " * 4_000,
        "\n".join(f"- item {n}" for n in range(2000)),
        "# " + "x" * 5000 + "\n\ntext",
    ],
)
def test_a_text_of_any_shape_fits_page_by_page_and_nothing_is_cut(text: str) -> None:
    policy = version(text)
    pages = [reader(Shelf(policy, (policy,), policy), page) for page in range(40)]
    for page in pages:
        check_view(page, expected="modal")
    last = next(number for number, page in enumerate(pages) if "policy.page.next" not in str(page))
    rich = [block for page in pages[: last + 1] for block in page["blocks"] if block["type"] == "rich_text"]
    wanted = re.sub(r"[#*\-\s]", "", text)
    assert re.sub(r"[#*\-\s]", "", literals(rich)) == wanted


def test_pages_are_turned_in_place(candor: Candor) -> None:
    candor.join("U01")
    publish(candor, policy(candor, more="A long sentence that goes on. " * 1200, days=15))
    candor.clock.pass_by(days=15)
    opened(candor)
    user = candor.sandbox.user("U01")
    user.press("policy.page.next")
    assert "Page before" in shown(candor)
    user.press("policy.page.before")
    assert "in force since" in shown(candor)
    assert len(candor.sandbox.workspace.modals("U01")) == 1


def test_html_links_and_mentions_are_shown_as_typed() -> None:
    text = "<b>x</b> <!channel> <@U01> [here](https://example.com) **bold**"
    (block,) = rich_text(text)
    assert literals(block) == "<b>x</b> <!channel> <@U01> here (https://example.com) bold"
    assert all(element["type"] == "text" for element in block["elements"][0]["elements"])


def test_lists_keep_their_order_their_numbers_and_their_depth() -> None:
    (block,) = rich_text("1. one\n   - inner\n2. two\n\n   more\n3. three\n")
    parts = [(part["style"], part["indent"], part["offset"], literals(part["elements"])) for part in block["elements"]]
    assert parts == [("ordered", 0, 0, "one"), ("bullet", 1, 0, "inner"), ("ordered", 0, 1, "two\nmorethree")]


def test_no_block_is_longer_than_slack_takes() -> None:
    assert all(characters(block) <= 3000 for block in rich_text("word " * 20_000))
