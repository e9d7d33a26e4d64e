"""Asking the policy, saying whether it helped, and sending HR what it does not answer. Nothing here is logged."""

from dataclasses import replace
from secrets import token_hex
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View, notice, section
from bot.edge import DirectMessage, Press, Shown, Submission, Typed, bare_word, on_top
from bot.errors import CandorError
from bot.people.hr import Hr
from bot.people.known import known_person
from bot.policy.asking import forms, open_questions, question, threads, views, words
from bot.policy.asking.desk import Desk
from bot.policy.asking.limiter import Turn
from bot.slack_errors import BROKEN
from bot.weeks import Clock
from storage import consents, deletions
from storage.database import SessionFactory


def register(app: App) -> None:
    app.action("asking.field")(ask_in_home)
    app.action("asking.helped")(helped)
    app.action("asking.not_helped")(not_helped)
    app.action("asking.send")(open_form)
    app.action("asking.questions")(show_questions)
    app.view("asking.submit")(send)


def answer_view(desk: Desk, user: str, asked: str, meant: str | None = None) -> View:
    """The answer as a modal; for somebody who has asked so much that they get none for the moment, one that says so."""
    if desk.turn(user) is Turn.ANSWER:
        return views.answer_modal(desk.ask(user, asked), user, token_hex(8), meant)
    return notice("Ask the policy", f"{words.TOO_MANY} Candor kept nothing of your questions.")


def answer_message(
    client: WebClient, sessions: SessionFactory, desk: Desk, clock: Clock, message: DirectMessage, meant: str | None
) -> None:
    """Answer a question typed in the DM, in its thread; nothing to somebody who has asked so much."""
    assert message.user is not None
    thread_ts, turn = message.thread_ts or message.ts, desk.turn(message.user)
    if turn is Turn.TOO_FAST:
        blocks = [section(words.TOO_FAST)]
        client.chat_postMessage(channel=message.channel, thread_ts=thread_ts, text=words.TOO_FAST, blocks=blocks)
    if turn is not Turn.ANSWER:
        return
    place = threads.followed(client, message.channel, message.thread_ts) if message.thread_ts else None
    asked = question.from_message(message.text, message.user)
    reply = desk.ask(message.user, asked, desk.heading(*place) if place else None)
    nonce, counted = token_hex(8), reply.about_me and reply.held is not None and not words.is_private(reply)
    text, blocks = views.message(replace(reply, about_me=False) if counted else reply, message.user, nonce, meant)
    posted = client.chat_postMessage(
        channel=message.channel,
        thread_ts=thread_ts,
        text=text,
        blocks=blocks,
        metadata=threads.metadata_of(reply),
        unfurl_links=False,
        unfurl_media=False,
    )
    if counted and _remembered(sessions, message.user, posted["channel"], posted["ts"], clock):
        text, blocks = views.message(reply, message.user, nonce, meant)
        metadata = threads.metadata_of(reply)
        client.chat_update(channel=posted["channel"], ts=posted["ts"], text=text, blocks=blocks, metadata=metadata)


def _remembered(sessions: SessionFactory, user: str, channel: str, ts: str, clock: Clock) -> bool:
    """Whether the message may say how much is held of somebody: it goes with that when they opt out.

    It is noted before the counts are in it, so that none stay behind when the process dies.
    """
    with sessions.begin() as session:
        consenting = consents.hold(session, user)
        if consenting:
            deletions.note_sent(session, user, "message", channel, ts, clock())
    return consenting


def ask_in_home(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, desk: Desk) -> None:
    ack()
    typed = Typed.parse(body)
    known_person(sessions, client, typed.user)
    meant = question.nearly(bare_word(typed.text), question.COMMANDS)
    view = answer_view(desk, typed.user, question.from_field(typed.text), meant)
    client.views_open(trigger_id=typed.trigger_id or "", view=view)


def helped(ack: Ack, body: dict[str, Any], client: WebClient, desk: Desk) -> None:
    ack()
    _count(body, client, desk, helpful=True)


def not_helped(ack: Ack, body: dict[str, Any], client: WebClient, desk: Desk) -> None:
    ack()
    _count(body, client, desk, helpful=False)


def _count(body: dict[str, Any], client: WebClient, desk: Desk, *, helpful: bool) -> None:
    """First the buttons go, so that no second press can follow a counted one; the same press again is known by the
    random number that the buttons carried."""
    press, shown = Press.parse(body), Shown.parse(body)
    blocks = views.thanked(shown.blocks)
    if shown.view is None:
        client.chat_update(channel=shown.channel or "", ts=shown.ts or "", text=shown.text, blocks=blocks)
    else:
        _update_modal(client, shown.view, blocks)
    desk.count(press.subject, helpful=helpful)


def _update_modal(client: WebClient, view: View, blocks: list[dict[str, Any]]) -> None:
    try:
        client.views_update(view_id=view["id"], view=views.again(view, blocks))
    except BROKEN:
        # It was closed meanwhile, buttons and all: the press counts all the same.
        return


def open_form(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr) -> None:
    ack()
    press, shown = Press.parse(body), Shown.parse(body)
    known_person(sessions, client, press.user)
    if press.user in hr:
        on_top(client, press, notice("Ask HR, no name", forms.FOR_HR))
        return
    form = forms.send(press.user, press.subject, threads.packed(shown))
    if shown.view is None:
        client.views_open(trigger_id=press.trigger_id or "", view=form)
    else:
        # In the answer's place: the button that opened it is not there again after sending.
        client.views_update(view_id=shown.view["id"], view=form)


def send(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    form = Submission.parse(body)
    try:
        known_person(sessions, client, form.user)
        text = _sendable(form, hr)
    except CandorError as error:
        ack(response_action="errors", errors={"question": str(error)})
        return
    with sessions.begin() as session:
        open_questions.keep(session, text, clock())
    ack(response_action="update", view=forms.sent())
    threads.update(client, form.subject, views.sent_on)


def _sendable(form: Submission, hr: Hr) -> str:
    if form.user in hr:
        raise CandorError(forms.FOR_HR)
    text = form.typed("question")
    if text is None:
        raise CandorError("There is no question in that. Nothing was sent.")
    return text


def show_questions(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, desk: Desk
) -> None:
    ack()
    press = Press.parse(body)
    hr.require(press.user)
    on_top(client, press, forms.asked(press.user, desk.for_hr()))
