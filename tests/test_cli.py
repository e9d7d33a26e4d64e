"""The operator's commands."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import OperatorError
from bot.sandbox.server import Sandbox
from bot.settings import load_settings
from tests.candor import MANIFEST

CSV = b"email,tool,surface,day,prompts\n"


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox(MANIFEST) as sandbox:
        for user_id, tz in (("U01", "Europe/Madrid"), ("U02", "Asia/Kolkata")):
            email = f"{user_id.lower()}@haldenlabs.example"
            sandbox.workspace.add_user(id=user_id, name=user_id, tz=tz, email=email)
        yield sandbox


@pytest.fixture
def env(slack: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "CANDOR_CONTACT": "U01",
        "CANDOR_LOG_LEVEL": "ERROR",
    }


def run(env: dict[str, str], *words: str, typed: bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(words), env=env, input=typed)


def words(result: Result) -> str:
    return " ".join(result.output.split())


def test_the_doctor_finds_a_good_installation_well(env: dict[str, str]) -> None:
    run(env, "db", "upgrade")
    result = run(env, "doctor")
    assert result.exit_code == 0, result.output
    for check in ("bot token", "scopes", "clock", "app token", "folder", "database", "policy", "contact"):
        assert check in result.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "set SLACK_BOT_TOKEN anew"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "connections:write"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "cannot be reached"),
        ({"CANDOR_CONTACT": ""}, "CANDOR_CONTACT"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "cannot be written"),
    ],
)
def test_the_doctor_says_what_is_wrong_and_the_mend(env: dict[str, str], change: dict[str, str], said: str) -> None:
    run(env, "db", "upgrade")
    result = run(env | change, "doctor")
    assert result.exit_code == 1
    assert said in words(result)


def test_the_doctor_names_a_scope_that_the_installation_lacks(env: dict[str, str], tmp_path: Path) -> None:
    manifest = yaml.safe_load(MANIFEST.read_text())
    manifest["oauth_config"]["scopes"]["bot"].remove("files:write")
    (tmp_path / "less.yml").write_text(yaml.safe_dump(manifest))
    with Sandbox(tmp_path / "less.yml") as less:
        tokens = {"SLACK_BOT_TOKEN": less.bot_token, "SLACK_APP_TOKEN": less.app_token, "SLACK_API_URL": less.api_url}
        result = run(env | tokens, "doctor")
    assert "missing files:write: update the app from manifest.yml" in words(result)


def test_the_doctor_does_not_miss_a_scope_that_is_optional(env: dict[str, str], tmp_path: Path) -> None:
    manifest = yaml.safe_load(MANIFEST.read_text())
    for scopes in ("bot", "bot_optional"):
        manifest["oauth_config"]["scopes"][scopes].remove("usergroups:read")
    (tmp_path / "less.yml").write_text(yaml.safe_dump(manifest))
    with Sandbox(tmp_path / "less.yml") as less:
        tokens = {"SLACK_BOT_TOKEN": less.bot_token, "SLACK_APP_TOKEN": less.app_token, "SLACK_API_URL": less.api_url}
        run(env, "db", "upgrade")
        assert "missing" not in words(run(env | tokens, "doctor"))
        said = words(run(env | tokens | {"CANDOR_HR": "S0HR"}, "doctor"))
    assert "user group S0HR: Slack answers missing_scope: install the app anew from manifest.yml" in said


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"SLACK_BOT_TOKEN": "secret-nonsense"}, "SLACK_BOT_TOKEN: does not begin with xoxb-"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL: is neither SQLite nor PostgreSQL"),
        ({"CANDOR_POLICY": "/no/such.md"}, "CANDOR_POLICY: is not a file"),
        ({"CANDOR_SETTLE_SECONDS": "5"}, "CANDOR_SETTLE_SECONDS"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL: is not an http(s) address"),
        ({"CANDOR_HR": "U01,@ana"}, "CANDOR_HR"),
        ({"CANDOR_CONTACT": "somebody"}, "CANDOR_CONTACT"),
        ({"CANDOR_LOG_LEVEL": "loud"}, "CANDOR_LOG_LEVEL"),
    ],
)
def test_a_bad_setting_is_named_with_its_mend_and_without_its_value(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch, change: dict[str, str], line: str
) -> None:
    for name, value in (env | change).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(OperatorError) as error:
        load_settings()
    assert line in str(error.value)
    assert "secret-nonsense" not in str(error.value)


def test_people_sync_and_import_say_what_changed_and_change_nothing_before_apply(
    env: dict[str, str], tmp_path: Path
) -> None:
    assert "2 people added" in words(run(env, "people", "sync"))
    file = tmp_path / "people.csv"
    lines = ("email,team,manager", "u01@haldenlabs.example,Engineering / Payments,yes", "U02@haldenlabs.example,,no")
    file.write_text("\n".join(lines))
    first = run(env, "people", "import", str(file))
    assert "Nothing was changed" in first.output
    second = run(env, "people", "import", str(file), "--apply")
    assert "Engineering / Payments" in second.output
    assert "Applied." in second.output
    with sqlite3.connect("candor.db") as connection:
        assert connection.execute("SELECT count(*) FROM person WHERE is_manager").fetchone() == (1,)


def test_a_directory_with_a_fault_is_refused_as_a_whole(env: dict[str, str], tmp_path: Path) -> None:
    run(env, "people", "sync")
    file = tmp_path / "people.csv"
    file.write_text("email,team,manager\nu01@haldenlabs.example,=HYPERLINK(1),yes\n")
    result = run(env, "people", "import", str(file), "--apply")
    assert result.exit_code == 1
    assert "nothing was changed" in result.output


def test_usage_is_imported_from_standard_input(env: dict[str, str]) -> None:
    run(env, "people", "sync")
    result = run(env, "usage", "import", "-", "--source", "csv", typed=CSV)
    assert result.exit_code == 0, result.output
    assert "Nobody has opted in to a tool of this file that their terms name, so nothing was read." in words(result)


def test_a_tick_by_hand_counts_and_a_dry_run_changes_nothing(env: dict[str, str], tmp_path: Path) -> None:
    first = run(env, "tick", "--at", "2026-11-23T09:00:00", "--dry-run")
    assert "run candor db upgrade first" in str(first.exception)
    assert not (tmp_path / "candor.db").exists()
    run(env, "db", "upgrade")
    assert "Nothing was changed or sent" in run(env, "tick", "--at", "2026-11-23T09:00:00", "--dry-run").output
    assert "planned 0, sent 0" in words(run(env, "tick"))


def test_messages_are_not_sent_for_another_time_than_now(env: dict[str, str]) -> None:
    result = run(env, "tick", "--at", "2026-11-23T09:00:00")
    assert isinstance(result.exception, OperatorError)


def test_a_backup_is_whole_and_readable_by_its_owner_only(env: dict[str, str], tmp_path: Path) -> None:
    run(env, "people", "sync")
    copy = tmp_path / "copy.db"
    assert run(env, "db", "backup", str(copy)).exit_code == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (2,)
    assert isinstance(run(env, "db", "backup", str(copy)).exception, OperatorError)


def test_the_demo_plays_its_story_without_a_browser(tmp_path: Path) -> None:
    left = tmp_path / "pulse-keys" / "left-by-an-earlier-demo.key"
    left.parent.mkdir(mode=0o700)
    left.write_bytes(b"old")
    result = CliRunner().invoke(app, ["demo", "--once", "--folder", str(tmp_path)])
    assert result.exit_code == 0, result.output
    for words_said in ("opts in", "Your week", "The same message, brought up to date in place", "is deleted"):
        assert words_said in result.output
    for words_said in ("is asked like everybody else", "Your ballot is sealed", "Pulse 2 has closed"):
        assert words_said in result.output
    for words_said in ("is told that its summary is there", "Hours saved, per person", "opened the Payments summary"):
        assert words_said in result.output
    assert not left.exists()


@pytest.mark.parametrize(
    ("words_typed", "change", "said"),
    [
        (("people", "sync"), {"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "the folder of /nowhere/at/all.db"),
        (("db", "upgrade"), {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x"}, "the database cannot be used"),
        (("db", "backup", "/nowhere/copy.db"), {}, "/nowhere/copy.db cannot be written"),
        (("usage", "import", "x[/b].csv", "--source", "csv"), {}, "x[/b].csv"),
        (("usage", "import", "-", "--source", "telepathy"), {}, "There is no such source"),
        (("people", "sync"), {"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slack cannot be reached"),
    ],
)
def test_what_an_operator_can_mend_ends_in_one_line_and_no_traceback(
    env: dict[str, str], tmp_path: Path, words_typed: tuple[str, ...], change: dict[str, str], said: str
) -> None:
    candor = Path(sys.executable).parent / "candor"
    done = subprocess.run(
        [candor, *words_typed], cwd=tmp_path, env=os.environ | env | change, input="", capture_output=True, text=True
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("typed", [("run",), ("db", "upgrade"), ("tick", "--dry-run"), ("deliveries",)])
def test_a_database_of_a_newer_version_is_refused_in_words_and_left_alone(
    env: dict[str, str], tmp_path: Path, typed: tuple[str, ...]
) -> None:
    run(env, "db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "candor.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    result = run(env, *typed)
    assert isinstance(result.exception, OperatorError)
    assert "newer version of Candor" in str(result.exception)
    assert "start the newer version" in words(run(env, "doctor"))
