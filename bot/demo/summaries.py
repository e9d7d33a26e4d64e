"""The story's scenes about team summaries: a manager opens one, and whoever counts in it sees that they did."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.demo.messages import in_view, is_opened_summary, is_summary
from bot.demo.printing import as_text
from bot.demo.telling import Scene
from bot.sandbox.company import COMPANY
from bot.sandbox.company_people import CompanyPerson
from bot.sandbox.model import Message
from bot.teams.summary import called
from storage.directory import SEPARATOR

# The newest week's messages went out on Monday or Tuesday; the story begins on a Friday.
_THIS_WEEK = timedelta(days=5)


class Summaries(Scene):
    def play(self) -> None:
        """In order: the message, the summary, and who looked."""
        manager, message = self._until("the message to a manager", self._told)
        team = called(manager.team)
        self._title(f"{manager.name} manages {team}, and is told that its summary is there. The message has no figures")
        self._say(as_text(message.blocks))
        self._stage.sandbox.user(manager.id).press("summary.open", message=message)
        opened = self._until("the summary", lambda: self._opened(manager.id))
        self._title("Opening it is written into the ledger first. Then the message shows what everybody in it may see")
        self._say(as_text(opened[-1].blocks))
        self._looked(manager)

    def _looked(self, manager: CompanyPerson) -> None:
        colleague, home = self._until("somebody who counts in it", lambda: self._who_counts(manager.team))
        self._title(f"{colleague.name} counts in that summary. The Home tab says so")
        self._say(as_text(_section(home["blocks"], "belonging.open")))
        user = self._stage.sandbox.user(colleague.id)
        user.press("belonging.looked", view=home)
        view = self._until("who looked", lambda: self._workspace.modals(colleague.id))[-1]
        self._title("and shows who has looked")
        self._say(_named(as_text(view["blocks"])))
        user.close_modal()

    def _told(self) -> tuple[CompanyPerson, Message] | None:
        """The first of those who manage a single team and were told this week."""
        since = self._stage.clock() - _THIS_WEEK
        for person in COMPANY.employees:
            told = [message for message in self._messages_of(person.id) if is_summary(message)]
            if SEPARATOR in person.team and told and told[-1].at > since:
                return person, told[-1]
        return None

    def _opened(self, person_id: str) -> list[Message]:
        return [message for message in self._messages_of(person_id) if is_opened_summary(message)]

    def _who_counts(self, team: str) -> tuple[CompanyPerson, dict[str, Any]] | None:
        """Somebody of the team whose Home tab says that they count, with the tab."""
        inside = {choice.person_id for choice in COMPANY.optins()}
        for person in COMPANY.employees:
            if person.team == team and person.id in inside and not person.is_manager:
                home = self._home_of(person.id)
                if in_view(home, "belonging.open"):
                    return person, home
        return None

    def _home_of(self, person_id: str) -> dict[str, Any]:
        self._stage.sandbox.user(person_id).open_home()
        return self._until("the Home tab", lambda: self._workspace.home(person_id))


def _named(text: str) -> str:
    """Mentions as Slack shows them."""
    names = {person.id: person.name for person in COMPANY.people}
    return re.sub(r"<@(\w+)>", lambda mention: f"@{names[mention[1]]}", text)


def _section(blocks: Sequence[dict[str, Any]], action: str) -> Sequence[dict[str, Any]]:
    """The buttons among which this one is, with what stands right above them."""
    at = next(place for place, block in enumerate(blocks) if f"'{action}'" in str(block))
    return blocks[max(at - 1, 0) : at + 1]
