"""Whether a tool can be matched: by its own name of the person, or because a table brought rows of it."""

from bot.usage.catalogue import IDENTIFIERS
from storage import consents, matching
from storage.database import SessionFactory
from tests.usage.world import ANA, BEN, EMAILS, bring, join, table


def test_a_tool_whose_rows_came_by_email_is_matched_whatever_its_own_reports_carry(sessions: SessionFactory) -> None:
    join(sessions, ANA, "copilot")
    join(sessions, BEN, "copilot", "cursor")
    bring(sessions, table(f"{EMAILS[ANA]},copilot,ide,2026-11-16,5", f"{EMAILS[BEN]},cursor,ide,2026-11-16,5"), "csv")
    with sessions.begin() as session:
        for person, tools in ((ANA, set[str]()), (BEN, {"copilot"})):
            held = consents.get(session, person)
            assert held is not None
            assert matching.unmatched(session, held, IDENTIFIERS) == tools
