"""What is said of the keys before they are missed: at the start, and by the doctor."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.doctor import examine
from bot.logs import configure_logs
from bot.pulse.health import kind_of, lasting_trouble, trouble
from bot.pulse.keys import KeyDirectory
from bot.running import connect
from bot.settings import Settings
from bot.ticker import Ticker
from bot.timekeeping import Timekeeper
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.world import begin, found, keys_away, keys_of

MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
tmpfs /mnt/two\040words tmpfs rw 0 0
/dev/sdb1 /run/keep ext4 rw 0 0
"""


def lose(path: Path, _wave: Wave) -> None:
    path.rename(path.with_name(path.name + "-away"))


def ruin(path: Path, wave: Wave) -> None:
    (path / f"{wave.id}.key").write_bytes(b"no key")


def empty(path: Path, wave: Wave) -> None:
    (path / f"{wave.id}.key").write_bytes(b"")


def remove(path: Path, wave: Wave) -> None:
    (path / f"{wave.id}.key").unlink()


def exchange(path: Path, wave: Wave) -> None:
    (path / f"{wave.id}.key").write_bytes(KeyDirectory(path.parent / "others").make(wave.id + path.name).raw())


def expose(path: Path, _wave: Wave) -> None:
    path.chmod(0o755)


def expose_file(path: Path, wave: Wave) -> None:
    (path / f"{wave.id}.key").chmod(0o640)


WRONGS = [
    (lose, "cannot be read"),
    (lose, "bring the folder back (CANDOR_KEYS)"),
    (remove, "is it another one than the other replicas use?"),
    (ruin, "are damaged"),
    (ruin, "put the file back"),
    (empty, "put the file back"),
    (exchange, "are not those of this pulse"),
    (expose, "chmod 700"),
    (expose_file, "chmod 600"),
]


@pytest.mark.parametrize(("harm", "said"), WRONGS)
def test_what_is_wrong_with_the_keys_is_said_with_its_mend(
    candor: Candor, tmp_path: Path, harm: Callable[[Path, Wave], None], said: str
) -> None:
    keys, wave = keys_in(candor, tmp_path), begin(candor)
    assert trouble(keys, wave) is None
    harm(keys.path, wave)
    assert said in (trouble(keys, wave) or "")
    log = started(candor)
    assert said in log
    assert "pulse 1" in log
    assert {name: (well, said in words) for name, well, words in findings(candor)}["pulse"] == (False, True)


def keys_in(candor: Candor, folder: Path) -> KeyDirectory:
    """From here on the keys lie beside other things of the test, which go with it."""
    candor.services.settings.keys = folder / "elsewhere" / "keys"
    return keys_of(candor)


def started(candor: Candor) -> str:
    """What the bot logs when it starts."""
    log = StringIO()
    configure_logs("INFO", log)
    connect(at(candor), candor.clock)[0].sessions.kw["bind"].dispose()
    return log.getvalue()


def at(candor: Candor) -> Settings:
    url = candor.sessions.kw["bind"].url.render_as_string(hide_password=False)
    return candor.services.settings.model_copy(update={"database_url": url})


def findings(candor: Candor) -> list[tuple[str, bool, str]]:
    return [(each.name, each.well, each.said) for each in examine(at(candor), candor.clock()) if "pulse" in each.name]


def test_keys_in_place_are_nothing_to_tell_of_at_the_start(candor: Candor) -> None:
    begin(candor)
    assert "pulse" not in started(candor)
    assert all(well for _name, well, _said in findings(candor))


def test_the_doctor_names_keys_of_no_pulse(candor: Candor) -> None:
    wave = begin(candor)
    keys_of(candor).make("0123")
    said = {name: (well, words) for name, well, words in findings(candor)}
    well, words = said["old pulse keys"]
    assert (well, "0123.key" in words, wave.id in words) == (False, True, False)


def test_the_doctor_warns_of_keys_beside_the_database(candor: Candor, tmp_path: Path) -> None:
    candor.services.settings.keys = tmp_path / "keys"
    beside = at(candor).model_copy(update={"database_url": f"sqlite:///{tmp_path / 'other.db'}"})
    said = {each.name: each for each in examine(beside, candor.clock())}["pulse keys"]
    assert not said.well
    assert "same backups" in said.said


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/run/keys", "tmpfs"), ("/run/keep/keys", "ext4"), ("/var/keys", "ext4"), ("/mnt/two words/keys", "tmpfs")],
)
def test_a_directory_in_memory_is_known_by_the_nearest_mount(path: str, kind: str) -> None:
    assert kind_of(Path(path), MOUNTS) == kind


def test_a_directory_in_memory_comes_with_its_warning(candor: Candor) -> None:
    candor.services.settings.keys = Path("/dev/shm/candor-test/keys")
    said = {name: (well, words) for name, well, words in findings(candor)}["pulse keys"]
    assert said[0]
    assert "a reboot ends the pulse" in said[1]


def test_a_wave_that_has_closed_needs_no_keys(candor: Candor) -> None:
    wave = begin(candor)
    candor.clock.now = wave.closes_at
    candor.tick()
    assert trouble(keys_of(candor), found(candor, wave)) is None


def test_a_folder_that_is_not_there_yet_is_well_before_a_pulse_and_not_while_one_is_under_way(
    candor: Candor,
) -> None:
    candor.services.settings.keys /= "not made yet"

    def place() -> tuple[bool, str]:
        return {name: (well, words) for name, well, words in findings(candor)}["pulse keys"]

    well, words = place()
    assert well and "not there yet; the first pulse makes it" in words
    begin(candor)
    well, words = place()
    assert well and "not there" not in words
    with keys_away(candor):
        well, words = place()
        assert not well and "it is not there, and pulse 1 has not ended: bring it back, CANDOR_KEYS" in words


def test_a_wave_that_another_replica_has_ended_in_this_moment_is_no_trouble(candor: Candor) -> None:
    seen = begin(candor)
    candor.clock.now = seen.closes_at
    candor.tick()
    # As it was read before the other replica closed it, and destroyed its keys.
    assert trouble(keys_of(candor), seen) is not None
    assert lasting_trouble(candor.sessions, keys_of(candor), seen) is None


def test_keys_that_go_and_come_back_are_told_once_each_by_the_ticks(candor: Candor) -> None:
    begin(candor)
    clock = candor.clock
    keeper = Timekeeper(
        candor.sessions, candor.client, clock, shared=lambda _: clock(), monotonic=lambda: clock().timestamp()
    )
    ticker = Ticker(candor.services, candor.client, candor.outbox, keeper)

    def beats(number: int) -> list[str]:
        with capture_logs() as lines:
            for _ in range(number):
                ticker.beat()
                candor.clock.pass_by(seconds=10)
        return [f"{line['event']} {line.get('trouble', '')}" for line in lines if "pulse 1: " in str(line)]

    assert beats(7) == []
    with keys_away(candor):
        (began,) = beats(20)
        assert "CANDOR_KEYS" in began
    (ended,) = beats(20)
    assert ended.startswith("over again")
