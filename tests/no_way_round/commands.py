"""Every command, typed by an operator in the town."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.pulse.trustee.keyfile import PRIVATE, PUBLIC
from storage.database import reading
from storage.tables import Delivery
from tests.candor import HR, Candor
from tests.no_way_round.town import ANA, PAYMENTS
from tests.policy.publishing.acts import CHANNEL, policy

NOT_TYPED: Mapping[str, str] = {
    "run": "is the bot, which all the other tests are about",
    "demo": "knows a sample company only, and lives until it is ended",
}
HEAD = "1:" + "ab" * 32


def lines(candor: Candor, folder: Path) -> dict[str, tuple[str, ...]]:
    """What is typed, by command, those that end something last; the files that are named are there."""
    with reading(candor.sessions) as session:
        owed = session.exec(select(Delivery.id).where(Delivery.person_id == ANA)).first()
    assert owed is not None
    (folder / "people.csv").write_text(f"slack_id,team,manager\n{ANA},{PAYMENTS},no\nU0NOBODY,{PAYMENTS},no\n")
    (folder / "usage.csv").write_text("email,tool,surface,day,prompts\n")
    (folder / "next.md").write_text(policy(candor, days=60, usage=8))
    return {
        "doctor": (),
        "people sync": (),
        "people import": ("people.csv", "--apply"),
        "usage import": ("usage.csv", "--source", "csv"),
        "db upgrade": (),
        "db backup": ("copy.db",),
        "deliveries": ("--json",),
        "deliveries retry": (owed,),
        "deliveries abandon": (owed,),
        "policy show": ("--enforced",),
        "policy check": ("next.md",),
        "policy diff": ("2",),
        "policy publish": ("next.md", "--yes"),
        "policy verify": (),
        "policy versions": (),
        "policy ask": (f"What did {ANA} report?",),
        "pulse status": (),
        "pulse results": ("--csv",),
        "pulse open": ("--yes",),
        "pulse export": ("sealed.json",),
        "pulse tallies": ("next.md",),
        "pulse trustee keygen": ("council",),
        "pulse trustee show": (f"council/{PUBLIC}",),
        "pulse trustee close": ("next.md", "--keys", f"council/{PRIVATE}", "--out", "tallies.json", "--yes"),
        "pulse close": ("--yes",),
        "teams release": (),
        "teams verify": (),
        "ledger verify": (HEAD,),
        "ledger new-key": ("--yes",),
        "tick": (),
        "pulse abandon": ("--reason", "It was a test.", "--yes"),
        "db restored": ("--yes",),
    }


def typed(candor: Candor, command: str, *more: str) -> Result:
    engine: Engine = candor.sessions.kw["bind"]
    env = {
        "SLACK_BOT_TOKEN": candor.sandbox.bot_token,
        "SLACK_APP_TOKEN": candor.sandbox.app_token,
        "SLACK_SIGNING_SECRET": candor.sandbox.signing_secret,
        "SLACK_API_URL": candor.sandbox.api_url,
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "CANDOR_KEYS": str(candor.services.settings.keys),
        "CANDOR_CHANNEL": CHANNEL,
        "CANDOR_HR": HR,
        "CANDOR_LOG_LEVEL": "DEBUG",
    }
    return CliRunner().invoke(app, [*command.split(), *more], env=env)
