"""For every role, every listener and every command: nobody but the person gets a person's figures.

Everybody who acts has figures that nobody else has. Each person walks through all that they can press; then everybody
else sends exactly that, with the values that it carried, as their own. Whatever the bot sends in answer, to whomever,
is searched for figures that do not belong to whoever acted.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.edge import ANYONE, ref
from bot.logs import configure_logs
from bot.sandbox.workspace import Workspace
from storage import held, ledger
from storage.database import SessionFactory, reading
from storage.tables import CheckIn
from tests.candor import HR, Candor
from tests.no_way_round import commands, eyes
from tests.no_way_round.crawling import Attacker, Crawler, Harvest, made_up
from tests.no_way_round.found import listeners, typed_commands
from tests.no_way_round.table import LISTENERS, PRINTED, UNSEEN
from tests.no_way_round.town import (
    ANA,
    BEN,
    COMMENT,
    EVERYBODY,
    LEADER,
    MANAGER,
    OPTED_IN,
    marks_of,
    note_of,
    town,
)

WORDS = (
    "checkin", "pulse", "held", "export", "settings", "policy", "help", "stop", "erase", f"held {ANA}", f"<@{ANA}>",
    "Is there cake at the zoo on Fridays?",
)  # fmt: skip
# What Slack sends by itself: it carries nothing that somebody could have from another person's screen.
BY_ITSELF = {"event team_join", "event user_change", "event app_uninstalled", "event tokens_revoked"}
BY_HAND = {"event app_home_opened", "event message", "command /candor"}


def test_every_listener_is_classified() -> None:
    assert {name for name, _ in listeners()} == set(LISTENERS)


def test_the_app_has_no_listener_but_those_that_its_features_register(candor: Candor) -> None:
    of_app: list[Any] = [getattr(listener, "ack_function", None) for listener in candor.app._listeners]
    assert of_app == [listener for _, listener in listeners()]


def test_every_command_is_classified() -> None:
    assert typed_commands() == set(PRINTED)


def others_figures(sent: Any, actor: str | None) -> list[str]:
    """Whose figures are in what was sent because of this person; nobody's answers to the pulse may be at all."""
    text = eyes.as_text(sent)
    found = [person for person in OPTED_IN if person != actor and marks_of(person).search(text)]
    return found + (["a ballot"] if COMMENT in text else [])


def walked(candor: Candor, person: str, texts: dict[str, set[str]]) -> Harvest:
    """All that the person can press, pressed by themselves; what they were sent is theirs alone."""
    workspace = candor.sandbox.workspace
    mark = eyes.now(workspace)
    found = Crawler(candor, person).walk(WORDS)
    sent = eyes.sent_since(workspace, mark)
    assert others_figures(sent, person) == [], person
    if person in OPTED_IN:
        # Else a search that finds nothing would prove nothing.
        assert len(marks_of(person).findall(eyes.as_text(sent))) > 20, person
    texts[person] = set(eyes.strings_in(sent))
    return found


def attacked(candor: Candor, person: str, found: Harvest, of_ana: set[str]) -> list[str]:
    """What this person gets out of sending all that others could: the names of what gave something away."""
    attacker, workspace, said = Attacker(candor, person), candor.sandbox.workspace, []
    acts: list[tuple[str, Callable[[], object]]] = [
        *((item.name, partial(attacker.press, item)) for item in found.items.values()),
        *((name, partial(attacker.submit, form)) for (name, _), form in found.forms.items()),
    ]
    for name, act in acts:
        mark = eyes.now(workspace)
        act()
        sent = eyes.sent_since(workspace, mark)
        if others_figures(sent, person) or of_ana & set(eyes.strings_in(sent)):
            said.append(f"{name} pressed by {person}")
    return said


def everything_found(candor: Candor, texts: dict[str, set[str]]) -> Harvest:
    """Ana's own, and of everybody else what Ana does not have; and made-up ones of what nobody came across."""
    found = walked(candor, ANA, texts)
    for person in EVERYBODY:
        if person != ANA:
            found.add(walked(candor, person, texts))
    assert set(LISTENERS) - found.names() - BY_ITSELF - BY_HAND == set(UNSEEN)
    for name in UNSEEN:
        kind, _, id_ = name.partition(" ")
        for carried in (ref(ANA), ref(ANA, "1"), ref(ANYONE, "1-2")):
            made_up(found, kind, id_, carried)
    return found


def test_nobody_gets_another_persons_figures_by_anything_that_can_be_pressed_sent_or_typed(
    sessions: SessionFactory, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    configure_logs("DEBUG")
    with town(sessions) as candor:
        texts: dict[str, set[str]] = {}
        found = everything_found(candor, texts)
        of_ana = texts[ANA].difference(*(seen for person, seen in texts.items() if person != ANA))
        assert len(of_ana) > 50
        before = _held(sessions, ANA)
        said = [each for person in EVERYBODY if person != ANA for each in attacked(candor, person, found, of_ana)]
        assert said == []
        assert _held(sessions, ANA) == before
        with reading(sessions) as session:
            entries = [each.model_dump() for each in ledger.entries(session)]
        assert {each["what"] for each in entries} >= {"opened", "exported", "policy", "season"}
        assert others_figures(entries, None) == []
        # Every look is an entry, and nobody without a right to one has got any.
        assert {each["who"] for each in entries if each["what"] in ("opened", "exported")} == {MANAGER, LEADER, HR}
        _require_that_events_say_nothing(candor)
    printed = capsys.readouterr()
    assert others_figures([printed.out, printed.err, caplog.text], None) == []


def _held(sessions: SessionFactory, person: str) -> dict[str, Any]:
    with reading(sessions) as session:
        return held.rows_of(session, person)


def _require_that_events_say_nothing(candor: Candor) -> None:
    """What Slack tells by itself of Ana's account, of a new one, and last that the app is gone."""
    workspace = candor.sandbox.workspace
    mark = eyes.now(workspace)
    workspace.update_user(ANA, tz="Asia/Kolkata")
    workspace.join_user(id="U0LATE", name="Late", email="u0late@haldenlabs.example")
    candor.sandbox.send_event({"type": "tokens_revoked", "tokens": {"bot": ["U0CANDORBT"]}})
    candor.sandbox.send_event({"type": "app_uninstalled"})
    assert others_figures(eyes.sent_since(workspace, mark), None) == []


def test_what_comes_by_itself_goes_to_the_person_alone(sessions: SessionFactory) -> None:
    with town(sessions) as candor:
        workspace = candor.sandbox.workspace
        reached = {
            (person, _reader(workspace, call.args))
            for call in workspace.calls
            for person in OPTED_IN
            if call.method.startswith("chat.") and marks_of(person).search(eyes.as_text(call.args))
        }
    # Ben keeps figures out of his messages.
    assert reached == {(person, person) for person in OPTED_IN if person != BEN}


def _reader(workspace: Workspace, args: dict[str, Any]) -> str:
    channel = str(args["channel"])
    return workspace.channels[channel].im_user or channel if channel in workspace.channels else channel


def test_a_listener_that_gives_a_note_away_is_caught(candor: Candor, sessions: SessionFactory) -> None:
    """The same search on a listener that does what none may."""
    for person in (ANA, BEN):
        candor.join(person)
        candor.opt_in(person)
    candor.check_in(ANA, note=note_of(ANA))

    def give_away(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        owner = body["actions"][0]["value"].split("|")[0]
        with reading(sessions) as session:
            row = session.exec(select(CheckIn).where(CheckIn.person_id == owner)).one()
        client.chat_postMessage(channel=body["user"]["id"], text=f"{owner} wrote {row.note}")

    candor.app.action("leak")(give_away)
    found = Harvest()
    made_up(found, "action", "leak", ref(ANA))
    assert attacked(candor, BEN, found, set()) == [f"leak pressed by {BEN}"]
    assert attacked(candor, HR, found, set()) == [f"leak pressed by {HR}"]


def test_no_command_prints_what_anybody_did_or_reported(
    sessions: SessionFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with town(sessions) as candor:
        # The commands take the time from the machine, and compare it with Slack's.
        candor.clock.now = datetime.now(UTC)
        lines = commands.lines(candor, tmp_path)
        assert set(lines) == typed_commands() - set(commands.NOT_TYPED)
        for command, more in lines.items():
            done = commands.typed(candor, command, *more)
            # A command line that is not understood would prove nothing.
            assert done.exit_code in (0, 1), (command, done.output)
            assert others_figures([done.output, str(done.exception)], None) == [], command
