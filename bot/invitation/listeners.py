"""HR posts an invitation to a channel it chose."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.delivery.posting import Unknown, Unreachable, outcome_of
from bot.edge import Press, Submission
from bot.invitation import views
from bot.people.hr import Hr
from bot.slack_errors import BROKEN

REFUSED = {
    "not_in_channel": "Candor is not in that channel. Type /invite @Candor there, then post again.",
    "channel_not_found": "Candor cannot see that channel. Type /invite @Candor there, then post again.",
    "is_archived": "That channel is archived. Choose another one.",
    "restricted_action": "Posting in that channel is restricted. Ask a workspace owner, or choose another one.",
}
UNREACHED = "Slack cannot be reached for now. Nothing was posted; please try again later."
UNSURE = "Slack did not say whether it was posted. Look into the channel before you post it again."


def register(app: App) -> None:
    app.action("invitation.open")(open_form)
    app.view("invitation.post")(post)


def open_form(ack: Ack, body: dict[str, Any], client: WebClient, hr: Hr) -> None:
    ack()
    press = Press.parse(body)
    hr.require(press.user)
    client.views_open(trigger_id=press.trigger_id, view=views.form(press.user))


def post(ack: Ack, body: dict[str, Any], client: WebClient, hr: Hr) -> None:
    form = Submission.parse(body)
    hr.require(form.user)
    channel = form.chosen("channel")
    if not channel.startswith(("C", "G")):
        ack(response_action="errors", errors={"channel": "An invitation goes to a channel, never to a person."})
        return
    try:
        client.chat_postMessage(channel=channel, text=views.TEXT, blocks=views.invitation())
    except BROKEN as error:
        ack(response_action="errors", errors={"channel": _refusal(error)})
        return
    ack(response_action="update", view=views.posted(channel))


def _refusal(error: BaseException) -> str:
    """What to tell HR: why it was not posted, or that nobody can say."""
    match outcome_of(error):
        case Unknown():
            return UNSURE
        case Unreachable():
            return UNREACHED
        case refused:
            return REFUSED.get(refused.reason, f"Slack refused: {refused.reason}. Nothing was posted.")
