"""What the bot announces of the sealed answers when a pulse closes, and what that keeps whoever carries them from."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from rich.console import Console

from bot.errors import OperatorError
from bot.policy.publishing.spoken import spoken
from bot.pulse import printing
from bot.pulse.closing import POST, abandon, close, freeze
from bot.pulse.envelope import Ballot, pack
from bot.pulse.keys import KeysUnusable
from bot.pulse.questions import Question
from bot.pulse.sealing import CIPHERTEXT, SUITE
from bot.pulse.trustee import counting
from bot.pulse.trustee.export import Header
from bot.pulse.trustee.keyfile import grouped, keygen
from bot.pulse.trustee.words import with_trustee
from bot.sandbox.model import Message
from storage import posts
from storage.database import SessionFactory, reading
from storage.tables import ChannelPost, Wave
from tests.candor import running
from tests.pulse.results.acts import CHANNEL, home_text, posted, tick_over
from tests.pulse.trustee.council import Council
from tests.pulse.world import found, keys_of, ticked_without_keys, vote


@pytest.fixture
def office(sessions: SessionFactory, tmp_path: Path) -> Iterator[Council]:
    """A council beside a bot that has a channel."""
    keygen(tmp_path / "council", waves=3)
    (tmp_path / "shared").mkdir()
    with running(sessions, channel=CHANNEL) as candor:
        candor.join("U01")
        candor.sandbox.workspace.add_channel(id=CHANNEL, name="ai-policy", has_bot=True)
        yield Council(candor, tmp_path / "council", tmp_path / "shared")


def answered(council: Council, people: int = 12) -> Wave:
    wave = council.begin()
    for number in range(people):
        vote(council.candor, wave, f"U{number:03}", {"gaming": "5"})
    return wave


def announcement(council: Council, wave: Wave) -> Message:
    tick_over(council.candor, wave)
    council.candor.tick_at(council.candor.clock())
    (post,) = posted(council.candor)
    return post


def test_the_channel_hears_the_fingerprint_of_what_goes_to_the_trustee_once_and_no_count(office: Council) -> None:
    wave = answered(office)
    post = announcement(office, wave)
    header = office.hand_over()
    assert f"Its sealed answers have the fingerprint\n`{header.fingerprint}`" in post.text
    assert found(office.candor, wave).export_mark == header.mark
    assert "12" not in re.sub("`.*?`", "", post.text)
    assert not post.pings
    assert post.text == spoken(post.blocks)


def test_the_fingerprint_stands_for_questions_groups_and_every_ballot(office: Council) -> None:
    wave = answered(office)
    post = announcement(office, wave)
    line, body = office.hand_over().line, office.export.read_bytes()
    assert grouped(sha256(line).hexdigest()) in post.text
    assert sha256(body[len(line) :]).hexdigest().encode() in line


def test_home_and_status_show_the_same_fingerprint(office: Council, capsys: pytest.CaptureFixture[str]) -> None:
    wave = answered(office)
    announcement(office, wave)
    closed = found(office.candor, wave)
    mark = grouped(closed.export_mark or "")
    assert f"fingerprint {mark}; the trustee counts exactly these" in home_text(office.candor)
    assert mark in (with_trustee(closed) or "")
    printing.status(Console(emoji=False, soft_wrap=True), closed, office.candor.clock())
    assert mark in capsys.readouterr().out


def test_with_too_few_answers_nothing_is_announced(office: Council) -> None:
    wave = answered(office, people=4)
    tick_over(office.candor, wave)
    (post,) = posted(office.candor)
    assert "too few answers" in post.text and "fingerprint" not in post.text
    assert found(office.candor, wave).export_mark is None


def test_while_the_keys_are_away_nothing_is_announced_and_nothing_exported(office: Council) -> None:
    wave, folder = answered(office), keys_of(office.candor).path
    elsewhere = folder.rename(folder.with_name(f"{folder.name}-elsewhere"))
    with pytest.raises(KeysUnusable, match="cannot be read"):
        office.over(wave)
    assert posted(office.candor) == []
    with pytest.raises(OperatorError, match="has not announced"):
        office.hand_over()
    elsewhere.rename(folder)
    assert "fingerprint" in announcement(office, wave).text


def test_nothing_is_exported_before_it_is_announced(council: Council) -> None:
    freeze(council.candor.sessions, answered(council).id)
    with pytest.raises(OperatorError, match="the bot has not announced its answers yet"):
        council.hand_over()
    assert list(council.shared.iterdir()) == []


def closed_with_a_post_owed(office: Council) -> Wave:
    wave = answered(office)
    office.candor.clock.now = wave.closes_at
    close(office.candor.sessions, keys_of(office.candor), office.candor.clock(), channel=CHANNEL)
    with reading(office.candor.sessions) as session:
        assert session.get(ChannelPost, "pulse 1 sealed") is not None
    return found(office.candor, wave)


def test_a_fingerprint_that_somebody_wrote_into_the_database_is_not_posted(office: Council) -> None:
    wave = closed_with_a_post_owed(office)
    with office.candor.sessions.begin() as session:
        session.connection().exec_driver_sql(f"UPDATE wave SET export_mark = '{'ab' * 32}'")
    office.candor.tick()
    assert posted(office.candor) == []
    assert found(office.candor, wave).state == "closing"


def test_the_post_waits_for_the_keys_and_no_other_post_waits_for_it(office: Council) -> None:
    wave, folder = closed_with_a_post_owed(office), keys_of(office.candor).path
    elsewhere = folder.rename(folder.with_name(f"{folder.name}-elsewhere"))
    with office.candor.sessions.begin() as session:
        posts.owe(session, "pulse 9 results", POST, CHANNEL, office.candor.clock())
    ticked_without_keys(office.candor, office.candor.clock())
    with reading(office.candor.sessions) as session:
        assert session.get(ChannelPost, "pulse 9 results") is None
    assert posted(office.candor) == []
    elsewhere.rename(folder)
    office.candor.clock.pass_by(minutes=2)
    office.candor.tick()
    (post,) = posted(office.candor)
    assert grouped(wave.export_mark or "") in post.text


def test_a_pulse_that_was_stopped_before_the_post_went_out_announces_nothing(office: Council) -> None:
    wave = closed_with_a_post_owed(office)
    abandon(office.candor.sessions, keys_of(office.candor), wave.id, office.candor.clock(), "lost", channel=CHANNEL)
    office.candor.tick()
    assert all("fingerprint" not in post.text for post in posted(office.candor))


CHANGES = (
    "DELETE FROM ballot WHERE tag = (SELECT min(tag) FROM ballot)",
    "UPDATE wave SET smallest_group = 7",
    "UPDATE wave SET number = 9",
    'UPDATE wave SET questions = \'[{"id": "gaming", "kind": "gaming", "text": "Another?"}]\'',
    f"UPDATE wave SET export_mark = '{'ab' * 32}'",
)


@pytest.mark.parametrize("sql", CHANGES)
def test_what_was_changed_after_it_was_announced_is_neither_exported_nor_published(council: Council, sql: str) -> None:
    council.answered()
    council.hand_over()
    council.count()
    council.export.unlink()
    with council.candor.sessions.begin() as session:
        session.connection().exec_driver_sql(sql)
    with pytest.raises(OperatorError, match="no longer what the bot announced"):
        council.hand_over()
    assert not council.export.exists()
    with pytest.raises(OperatorError, match="no longer what the bot announced"):
        council.hand_back()
    assert council.waiting.state == "closing"


def forge(council: Council, wave: Wave, victim: bytes) -> None:
    """One true ballot among eleven of the carrier's own, sealed with the public key that everybody may know."""
    true = council.header
    public = X25519PublicKey.from_public_bytes(bytes.fromhex(wave.public_key))
    own = pack(Ballot({"gaming": "1"}, leader=False))
    pieces = sorted([victim, *(SUITE.encrypt(own, public, info=wave.id.encode()) for _ in range(11))])
    header = true.model_copy(update={"sha256": sha256(b"".join(pieces)).hexdigest()})
    council.export.write_bytes(header.line + b"".join(pieces))


def test_an_export_made_of_one_persons_answer_and_own_ones_has_another_fingerprint(office: Council) -> None:
    wave = answered(office)
    post = announcement(office, wave)
    assert office.hand_over().fingerprint in post.text
    forge(office, wave, office.sealed(wave)[0][1][:CIPHERTEXT])
    assert counting.look(office.export, office.private).fingerprint not in post.text


def test_the_trustees_program_alone_would_count_it_and_the_server_does_not_publish_it(council: Council) -> None:
    """The counter-proof: but for the fingerprint, nothing in a forged export gives it away."""
    wave = council.answered()
    council.hand_over()
    forge(council, wave, council.sealed(wave)[0][1][:CIPHERTEXT])
    assert council.count().opened == 12
    with pytest.raises(OperatorError, match="of other ballots than the server has"):
        council.hand_back()
    assert council.published(wave) == (set(), [])


def said_of(header: Header, capsys: pytest.CaptureFixture[str]) -> str:
    printing.looked(Console(emoji=False, soft_wrap=True, highlight=False), header)
    return capsys.readouterr().out


def test_the_trustee_is_shown_the_fingerprint_first_and_what_to_compare_it_with(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    wave = council.answered()
    said = said_of(council.hand_over(), capsys)
    assert said.splitlines()[2].strip() == grouped(wave.export_mark or "")
    assert "with what the bot itself has posted" in said and "do not count" in said


def test_nothing_in_a_foreign_file_steers_the_trustees_terminal(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    council.answered()
    evil = "\x1b[2J\x1b]0;title\x07\x9b31m Used \u202eyllaer\u202c \u200b\r\nBallots: 500.\u2028 [bold]?[/bold]"
    question = Question(id="gaming", kind="gaming", text=evil)
    said = said_of(council.hand_over().model_copy(update={"questions": (question,)}), capsys)
    assert "  1. [2J]0;title31m Used yllaer Ballots: 500. [bold]?[/bold]\n" in said
    assert not set(said) & set("\x1b\x07\x9b\r\u202e\u202c\u200b\u2028")


@pytest.mark.parametrize("wave", ["\\ud800", "ab" * 15, "AB" * 16, "../../../etc/passwd", "ab" * 16 + "\\n"])
def test_a_wave_id_that_is_none_is_no_export(council: Council, wave: str) -> None:
    header = council_header(council)
    council.export.write_bytes(header.line.replace(header.wave.encode(), wave.encode()))
    with pytest.raises(OperatorError, match="is not an export of sealed ballots"):
        counting.look(council.export, council.private)


def council_header(council: Council) -> Header:
    council.answered()
    return council.hand_over()
