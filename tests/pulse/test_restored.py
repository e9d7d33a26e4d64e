"""Backups never hold keys, and what becomes of a wave in a database that was restored from one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.pulse.closing import POST, close, counted, freeze
from bot.pulse.keys import KeysUnusable
from bot.pulse.restored import settle
from storage import ballots
from storage.backup import backup
from storage.database import SessionFactory, open_engine, reading, session_factory, upgrade
from storage.tables import ChannelPost, Wave
from tests.candor import Candor, running
from tests.pulse.world import answered, finish, found, keys_of, vote


def gone(candor: Candor, wave: Wave) -> None:
    keys_of(candor).destroy(wave.id)
    keys_of(candor).forget(wave.id)


def test_a_wave_whose_keys_are_gone_ends_without_results(candor: Candor) -> None:
    wave = answered(candor)
    gone(candor, wave)
    said = settle(candor.sessions, keys_of(candor), candor.clock())
    assert "without results" in (said or "")
    ended = found(candor, wave)
    assert (ended.state, ended.outcome) == ("closed", "stopped")
    assert "restored from a backup" in (ended.reason or "") and "not in their place" in (ended.reason or "")
    assert ended.keys_lost
    with reading(candor.sessions) as session:
        assert ballots.count(session, wave.id) == 0
    assert settle(candor.sessions, keys_of(candor), candor.clock()) is None


def test_the_channel_hears_of_a_wave_that_ended_because_its_keys_are_gone(candor: Candor) -> None:
    gone(candor, answered(candor))
    settle(candor.sessions, keys_of(candor), candor.clock(), channel="C0POLICY")
    with reading(candor.sessions) as session:
        (post,) = session.exec(select(ChannelPost)).all()
    assert (post.kind, post.channel) == (POST, "C0POLICY")


def test_a_wave_whose_keys_are_there_goes_on(candor: Candor) -> None:
    wave = answered(candor)
    assert "goes on" in (settle(candor.sessions, keys_of(candor), candor.clock()) or "")
    vote(candor, wave, "U0NEW")
    assert finish(candor, wave).outcome == "results"


def test_what_had_been_counted_before_the_backup_stands(candor: Candor) -> None:
    wave = answered(candor, 3)
    freeze(candor.sessions, wave.id)
    with candor.sessions.begin() as session:
        counted(session, wave, None)
    gone(candor, wave)
    with pytest.raises(KeysUnusable):
        close(candor.sessions, keys_of(candor), wave.closes_at)
    assert "had been counted" in (settle(candor.sessions, keys_of(candor), wave.closes_at) or "")
    assert (found(candor, wave).state, found(candor, wave).outcome) == ("closed", "too few")


def test_without_a_wave_under_way_there_is_nothing_to_settle(candor: Candor) -> None:
    finish(candor, answered(candor))
    assert settle(candor.sessions, keys_of(candor), candor.clock()) is None


@contextmanager
def on_file(folder: Path) -> Iterator[Candor]:
    engine = open_engine(f"sqlite:///{folder / 'candor.db'}")
    upgrade(engine)
    with running(session_factory(engine)) as candor:
        yield candor
    engine.dispose()


@contextmanager
def restored(file: Path) -> Iterator[SessionFactory]:
    engine = open_engine(f"sqlite:///{file}")
    yield session_factory(engine)
    engine.dispose()


def test_a_backup_opens_no_ballot_and_holds_no_key(tmp_path: Path) -> None:
    with on_file(tmp_path) as candor:
        wave = answered(candor)
        backup(candor.sessions.kw["bind"], tmp_path / "backup.db")
        keys = keys_of(candor).load(wave.id, wave.key_mark)
        assert keys.private is not None
        secrets = [keys.secret, keys.private.private_bytes_raw()]
        copied = (tmp_path / "backup.db").read_bytes()
        assert [secret in copied or secret.hex().encode() in copied for secret in secrets] == [False, False]
        # So that the search is known to find what is there.
        assert wave.public_key.encode() in copied


def test_the_command_for_a_restored_backup_settles_its_wave(tmp_path: Path) -> None:
    with on_file(tmp_path) as candor:
        wave = answered(candor)
        backup(candor.sessions.kw["bind"], tmp_path / "backup.db")
        finish(candor, wave)
        given = {
            "SLACK_BOT_TOKEN": candor.sandbox.bot_token,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'backup.db'}",
            "CANDOR_KEYS": str(keys_of(candor).path),
            "CANDOR_CHANNEL": "C0POLICY",
        }
        result = CliRunner().invoke(app, ["db", "restored", "--yes"], env=given)
    assert "Pulse 1 has ended without results" in " ".join(result.output.split())
    with restored(tmp_path / "backup.db") as sessions, reading(sessions) as session:
        assert [each.outcome for each in session.exec(select(Wave)).all()] == ["stopped"]
        assert [(each.kind, each.channel) for each in session.exec(select(ChannelPost)).all()] == [(POST, "C0POLICY")]
