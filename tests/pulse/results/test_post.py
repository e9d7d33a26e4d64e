"""The post to the channel: owed in the transaction that closes a pulse, and posted once."""

from datetime import timedelta

import pytest

from bot.pulse.closing import POST, abandon, close
from bot.pulse.keys import KeysUnusable
from bot.sandbox.faults import Fault
from storage import posts
from storage.database import reading
from tests.candor import Candor
from tests.policy.publishing.test_spoken import require_all_said
from tests.pulse.results.acts import CHANNEL, NEVER, cast_all, posted, tick_over
from tests.pulse.world import BELIEF, COMMENT, begin, keys_of, vote


def test_the_channel_hears_of_results_once_in_words_first_and_then_as_a_table(office: Candor) -> None:
    wave = begin(office)
    cast_all(office, wave, "belief:never", {"5": 8, "1": 12, "0": 5})
    cast_all(office, wave, "belief:never", {"1": 10}, leader=True)
    tick_over(office, wave)
    office.tick_at(office.clock())
    (post,) = posted(office)
    assert f"“{NEVER}”: 20 to 40 of 100 believe it is followed; up to 20 of 100 do not know." in post.text
    kinds = [block["type"] for block in post.blocks]
    assert kinds.index("section") < kinds.index("table")
    (table,) = [block for block in post.blocks if block["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[:2] == [
        ["Asked", "Everyone", "People who manage a team", "Everyone else", "Do not know"],
        [f"“{NEVER}”", "20 to 40", "up to 20", "20 to 40", "up to 20"],
    ]
    assert not post.pings
    require_all_said(post)


def test_whoever_reads_the_post_opens_all_results_from_it(office: Candor) -> None:
    wave = begin(office)
    cast_all(office, wave, "belief:never", {"5": 10})
    tick_over(office, wave)
    user = office.sandbox.user("U01")
    user.press("pulse.results", message=posted(office)[0])
    assert office.top_modal("U01")["title"]["text"] == "Results of the pulse"


def test_the_post_of_too_few_answers_says_so_and_what_was_done(office: Candor) -> None:
    wave = begin(office)
    cast_all(office, wave, "belief:never", {"5": 4})
    tick_over(office, wave)
    (post,) = posted(office)
    assert "There were too few answers to show anything. All its ballots are deleted" in post.text
    assert post.text.startswith("*Pulse 1 has closed: too few answers*\n")
    assert "of 100" not in post.text


def test_the_post_of_a_stopped_pulse_says_why_as_text(office: Candor) -> None:
    wave = begin(office)
    abandon(
        office.sessions, keys_of(office), wave.id, office.clock(), "<!channel> *The keys* were lost.", channel=CHANNEL
    )
    office.tick()
    (post,) = posted(office)
    title, said = post.text.split("\n")[:2]
    assert title == "*Pulse 1 was stopped, without results*"
    assert said.startswith(
        "Reason given: “&lt;!channel&gt; *The keys* were lost”. All its ballots are deleted and the keys"
    )
    assert not post.pings
    literal = [block["text"]["type"] for block in post.blocks if "The keys" in str(block)]
    assert literal == ["plain_text"]


def test_comments_are_not_in_the_post(office: Candor) -> None:
    wave = begin(office, (BELIEF, COMMENT))
    for number in range(12):
        vote(office, wave, f"U1{number}", comment="Only in the results")
    tick_over(office, wave)
    (post,) = posted(office)
    assert "Only in the results" not in str(post.blocks) + post.text


def test_a_pulse_that_could_not_be_closed_owes_nothing_and_later_one_post(office: Candor) -> None:
    wave = begin(office)
    cast_all(office, wave, "belief:never", {"5": 10})
    office.clock.now = wave.closes_at
    for _ in range(3):
        close(office.sessions, keys_of(office), office.clock(), channel=CHANNEL)
    with reading(office.sessions) as session:
        owed = posts.get(session, "pulse 1 results")
    assert owed is not None
    assert (owed.kind, owed.channel, owed.state) == (POST, CHANNEL, "owed")
    office.tick()
    office.tick()
    assert len(posted(office)) == 1


def test_while_keys_cannot_be_read_nothing_is_posted(office: Candor) -> None:
    wave = begin(office)
    cast_all(office, wave, "belief:never", {"5": 10})
    aside = keys_of(office).path / "aside"
    file = keys_of(office).path / f"{wave.id}.key"
    file.rename(aside)
    office.clock.now = wave.closes_at
    with pytest.raises(KeysUnusable):
        close(office.sessions, keys_of(office), office.clock(), channel=CHANNEL)
    with reading(office.sessions) as session:
        assert posts.get(session, "pulse 1 results") is None
    aside.rename(file)
    tick_over(office, wave)
    assert len(posted(office)) == 1


def test_a_post_that_may_be_lost_is_not_posted_again_and_operators_are_told(office: Candor) -> None:
    wave = begin(office)
    cast_all(office, wave, "belief:never", {"5": 10})
    office.sandbox.faults.add(Fault(method="chat.postMessage", kind="drop_after"))
    tick_over(office, wave)
    office.tick_at(office.clock() + timedelta(hours=2))
    assert len(posted(office)) == 1
    with reading(office.sessions) as session:
        assert [post.key for post in posts.in_trouble(session)] == ["pulse 1 results"]
