"""The demo's story without a browser: a pulse, a team's summary, opting in, a week's message, a check-in, a new policy,
what is held, leaving."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.demo.company import news
from bot.demo.messages import in_view, is_digest, is_notice, is_pulse, is_result
from bot.demo.printing import as_text
from bot.demo.stage import HOUR, Stage
from bot.demo.summaries import Summaries
from bot.demo.telling import Say, Scene
from bot.errors import OperatorError
from bot.sandbox.actor import Actor
from bot.sandbox.company import COMPANY
from bot.sandbox.company_people import CompanyPerson
from bot.sandbox.model import Message
from bot.weeks import monday

COMMENT = "I stayed out so far. I would like to see first whether it is kept."


class Story(Scene):
    """One newcomer's way through the product, told through `say`. Raises `OperatorError` where it does not go on."""

    def __init__(self, stage: Stage, say: Say) -> None:
        super().__init__(stage, say)
        self._person = newcomer(monday(stage.clock().date()))
        self._user: Actor = stage.sandbox.user(self._person.id)

    def play(self) -> None:
        """The whole story, in order."""
        self._pulse()
        self._results()
        Summaries(self._stage, self._say).play()
        self._opt_in()
        self._monday()
        self._check_in()
        self._policy_changes()
        self._held()
        self._opt_out()

    def _pulse(self) -> None:
        invited = self._until("the invitation", lambda: [m for m in self._bot_messages() if is_pulse(m)])[0]
        self._title(f"{self._person.name}, {self._person.title}, has not opted in, and is asked like everybody else")
        self._say(as_text(invited.blocks))
        self._user.press("ballot.open", message=invited)
        form = self._until("the pulse", lambda: self._workspace.modals(self._person.id))[-1]
        self._title("The form says first what will happen to the answers")
        self._say(as_text(form["blocks"]))
        self._user.fill_and_submit(values=answers_to(form["blocks"]))
        self._title("and the ballot is sealed")
        self._say(as_text(self._workspace.modals(self._person.id)[-1]["blocks"]))
        self._user.close_modal()

    def _results(self) -> None:
        author, channel = next(person for person in COMPANY.employees if person.is_hr), news()
        self._title(f"{author.name} of HR closes the pulse before its time. No page says how many have answered")
        hr: Actor = self._stage.sandbox.user(author.id)
        hr.open_home()
        self._until("HR's Home tab", lambda: self._workspace.home(author.id))
        hr.press("pulse.manage")
        standing = self._until("what HR sees", lambda: self._workspace.modals(author.id))[-1]
        self._say(as_text(standing["blocks"]))
        hr.press("pulse.close")
        self._until("the closing", lambda: not in_view(self._workspace.modals(author.id)[-1], "pulse.close"))
        hr.close_modal()
        self._stage.advance_to(self._stage.clock() + HOUR)
        self._title("Everybody sees the results at the same moment, in the channel and on the Home tab")
        shown = self._until("the results", lambda: [m for m in self._workspace.messages(channel) if is_result(m)])
        self._say(as_text(shown[-1].blocks))
        self._title("and with the comments, in no order")
        self._user.press("pulse.results", message=shown[-1])
        results = self._until("all results", lambda: self._workspace.modals(self._person.id))[-1]
        self._say(as_text(results["blocks"]))
        self._user.close_modal()

    def _opt_in(self) -> None:
        self._title(f"{self._person.name} opens Candor's Home tab")
        self._user.open_home()
        home = self._until("the Home tab", lambda: self._workspace.home(self._person.id))
        self._say(as_text(home["blocks"]))
        self._title("and opts in")
        self._user.press("consent.open")
        form = self._until("the form", lambda: self._workspace.modals(self._person.id))[-1]
        self._say(as_text(form["blocks"]))
        tools = list(COMPANY.habit(self._person.id).tools)
        self._user.fill_and_submit(values={"tools": tools})
        self._say(as_text(self._workspace.modals(self._person.id)[-1]["blocks"]))
        self._user.close_modal()

    def _monday(self) -> None:
        before = len(self._workspace.log)
        self._stage.advance_to(self._stage.next_monday(self._person.id))
        self._until("the weekly message", self._digest)
        sent = [message for message in self._workspace.log[before:] if is_digest(message)]
        self._title(f"Monday 09:00. {len(sent)} people got their message; each is theirs alone")
        for message in sent:
            self._say(f"— {message.text}\n")
        self._title(f"What {self._person.name} sees")
        self._say(as_text(self._digest()[-1].blocks))

    def _check_in(self) -> None:
        self._title("A check-in, from the message's button")
        self._user.press("checkin.open", message=self._digest()[-1])
        form = self._until("the check-in form", lambda: self._workspace.modals(self._person.id))[-1]
        self._say(as_text(form["blocks"]))
        answers = {"saved": "2to4", "rework": "lt1", "helped": ["writing", "research"]}
        self._user.fill_and_submit(values=answers)
        message = self._until("the updated message", lambda: [m for m in self._digest() if m.edited])[-1]
        self._title("The same message, brought up to date in place")
        self._say(as_text(message.blocks))

    def _policy_changes(self) -> None:
        author, channel = next(person for person in COMPANY.employees if person.is_hr), news()
        self._title(f"{author.name} of HR drops a new version of the policy into the DM with Candor")
        hr: Actor = self._stage.sandbox.user(author.id)
        hr.upload("policy.md", self._shorter().encode())
        preview = self._until(
            "the preview", lambda: [m for m in self._bot_messages(author.id) if "Version 2" in m.text]
        )
        self._say(as_text(preview[-1].blocks))
        hr.press("draft.publish", message=preview[-1])
        self._until("the version", lambda: "published" in self._bot_messages(author.id)[-1].text)
        self._stage.tick_now()
        self._title("and publishes it. The channel hears of it")
        posts = self._until("the announcement", lambda: self._workspace.messages(channel))
        self._say(as_text(posts[-1].blocks))
        self._stage.advance_to(self._stage.next_hour(self._person.id, 10))
        self._title(f"At 10:00, the hour of notices, {self._person.name} is told once, in private")
        notice = self._until("the notice", lambda: [m for m in self._bot_messages() if is_notice(m)])
        self._say(as_text(notice[-1].blocks))

    def _shorter(self) -> str:
        """The policy in force, with a shorter time for usage: what HR would have edited."""
        text = self._stage.services.settings.policy.read_text()
        changes = "changes:\n  - Usage is kept 12 weeks instead of 26, because nobody looked at older weeks.\n"
        text = re.sub(r"^effective: .*\n", f"effective: {self._stage.clock().date()}\n{changes}", text, flags=re.M)
        return text.replace("usage: 26", "usage: 12", 1)

    def _held(self) -> None:
        self._title("What is held")
        self._user.press("held.open", message=self._digest()[-1])
        view = self._until("what is held", lambda: self._workspace.modals(self._person.id))[-1]
        self._say(as_text(view["blocks"]))
        self._user.close_modal()

    def _opt_out(self) -> None:
        self._title("Opting out: types stop, confirms once")
        self._user.say("stop")
        self._until("the confirmation", lambda: [m for m in self._bot_messages() if "confirm" in m.text])
        self._say(as_text(self._bot_messages()[-1].blocks))
        self._user.press("held.erase_now")
        self._say(as_text(self._until("the deletion", self._deleted)[-1].blocks))
        if self._digest():
            raise OperatorError("The message with figures is still there after opting out.")

    def _digest(self) -> list[Message]:
        return [message for message in self._bot_messages() if is_digest(message)]

    def _deleted(self) -> list[Message]:
        """The message that it is done; the question whether to delete speaks of it too."""
        return [
            message for message in self._bot_messages() if "deleted" in message.text and "confirm" not in message.text
        ]

    def _bot_messages(self, person_id: str = "") -> list[Message]:
        return self._messages_of(person_id or self._person.id)


def answers_to(blocks: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Something for every field of a pulse: the second of the offered answers, and words for the comment."""
    fields = {block["block_id"]: block["element"] for block in blocks if block["type"] == "input"}
    return {
        field: element["options"][1]["value"] if "options" in element else COMMENT for field, element in fields.items()
    }


def newcomer(week: date) -> CompanyPerson:
    """Somebody with an address in Slack who has not opted in and uses the most tools in the week of this Monday."""
    inside = {choice.person_id for choice in COMPANY.optins()}
    files = COMPANY.usage_files(week, 1).values()
    outside = (
        person
        for person in COMPANY.employees
        if person.id not in inside and person.email and not (person.is_hr or person.is_manager)
    )
    return max(outside, key=lambda person: sum(person.address.encode() in content for content in files))
