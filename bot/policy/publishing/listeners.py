"""HR drops a policy file into the DM, and decides about it there."""

from collections.abc import Callable
from datetime import date
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import escape, notice
from bot.edge import Press, Submission, on_top
from bot.errors import CandorError, HrOnly, HrUnknown, PolicyFault
from bot.people.hr import Hr
from bot.policy.publishing import drafting
from bot.policy.publishing import preview_views as views
from bot.policy.publishing.drafting import Gone, PublishedOver, Rules
from bot.policy.publishing.dropped import Drop, download, is_drop, the_file
from bot.policy.publishing.place import Place
from bot.policy.publishing.preview import Preview, faults, preview
from bot.policy.publishing.words import date_words
from bot.settings import Settings
from bot.weeks import Clock
from storage import drafts
from storage.database import SessionFactory, reading
from storage.tables import PolicyVersion

log = structlog.get_logger("candor.policy")


def register(app: App) -> None:
    app.event("message", matchers=[is_drop])(on_file)
    app.action("draft.read")(read)
    app.action("draft.difference")(read)
    app.action("draft.page.before")(turn_page)
    app.action("draft.page.next")(turn_page)
    app.action("draft.publish")(decide)
    app.action("draft.confirm")(decide)
    app.action("draft.take_back")(decide)
    app.action("draft.discard")(decide)
    app.action("draft.schedule")(ask_for_day)
    app.view("draft.schedule")(schedule)


def on_file(
    event: dict[str, Any], client: WebClient, sessions: SessionFactory, settings: Settings, clock: Clock, hr: Hr
) -> None:
    drop = Drop.model_validate(event)
    user = drop.user or ""
    if user not in hr:
        text, blocks = views.refused() if hr.is_known() else views.ended(str(HrUnknown()))
    else:
        text, blocks = _handed_in(client, sessions, clock, drop, user, _rules(settings, hr))
    client.chat_postMessage(channel=drop.channel, thread_ts=drop.thread, text=text, blocks=blocks)


def _handed_in(
    client: WebClient, sessions: SessionFactory, clock: Clock, drop: Drop, user: str, rules: Rules
) -> views.Said:
    name = drop.files[0].title if drop.files else "That"
    try:
        file = the_file(drop)
        draft_id = drafting.propose(sessions, user, download(client, file), file.title, clock())
        drafting.ask_again(sessions, draft_id, rules, clock())
    except PolicyFault as error:
        return views.faulty(name, faults(error))
    except CandorError as error:
        return str(error), views.ended(str(error))[1]
    log.info("draft handed in", draft=draft_id)
    return views.message(_seen(sessions, draft_id, clock), user)


def read(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock, hr: Hr) -> None:
    ack()
    press = _pressed(body, hr)
    seen = _seen(sessions, press.subject, clock)
    as_read = body["actions"][0]["action_id"] == "draft.read"
    view = views.draft_text(seen, press.user) if as_read else views.draft_changes(seen, press.user)
    on_top(client, press, view)


def turn_page(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock, hr: Hr
) -> None:
    ack()
    press = _pressed(body, hr)
    draft_id, what, page = press.subject.split(":")
    seen = _seen(sessions, draft_id, clock)
    build = views.draft_text if what == "read" else views.draft_changes
    client.views_update(view_id=press.view_id or "", view=build(seen, press.user, int(page)))


def decide(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    hr: Hr,
) -> None:
    """Publish, confirm, take the day back or discard, as the button says; then show in its place what came of it."""
    ack()
    # What is published stays so: who is HR is asked of Slack now.
    hr = hr.afresh()
    press = _pressed(body, hr)
    act = _DECISIONS[body["actions"][0]["action_id"]]
    place = Place.of(body)
    try:
        said = act(sessions, press, _rules(settings, hr), clock)
    except CandorError as error:
        place.show(client, _after(error, sessions, _draft(press), press.user, clock))
        raise
    place.show(client, said or views.message(_seen(sessions, _draft(press), clock), press.user))


def _after(error: CandorError, sessions: SessionFactory, draft_id: str, user: str, clock: Clock) -> views.Said:
    """What stands in the preview's place once something was refused: the draft as it is by now."""
    if isinstance(error, Gone):
        return views.ended(str(error))
    if isinstance(error, PublishedOver):
        drafting.rebase(sessions, draft_id)
    return views.message(_seen(sessions, draft_id, clock), user)


Decision = Callable[[SessionFactory, Press, Rules, Clock], views.Said | None]


def _publish(sessions: SessionFactory, press: Press, rules: Rules, clock: Clock) -> views.Said | None:
    return _outcome(drafting.publish(sessions, _draft(press), rules, clock(), seen=_seal(press)), rules)


def _confirm(sessions: SessionFactory, press: Press, rules: Rules, clock: Clock) -> views.Said | None:
    done = drafting.confirm(sessions, _draft(press), press.user, rules, clock(), seen=_seal(press))
    return _outcome(done, rules)


def _take_back(sessions: SessionFactory, press: Press, rules: Rules, clock: Clock) -> views.Said | None:
    drafting.take_back(sessions, _draft(press))
    return None


def _discard(sessions: SessionFactory, press: Press, rules: Rules, clock: Clock) -> views.Said | None:
    drafting.discard(sessions, _draft(press), press.user, clock())
    return views.ended("This draft was discarded. Nothing of it is kept.")


_DECISIONS: dict[str, Decision] = {
    "draft.publish": _publish,
    "draft.confirm": _confirm,
    "draft.take_back": _take_back,
    "draft.discard": _discard,
}


def _outcome(version: PolicyVersion | None, rules: Rules) -> views.Said | None:
    if version is None:
        return None
    where = f" The announcement goes to <#{rules.channel}>." if rules.channel else ""
    text = (
        f"*Version {version.number} is published.* {escape(version.title)}, in force from "
        f"{date_words(version.in_force_from)}.{where}"
    )
    if version.number > 1:
        text += " Everybody opted in gets one notice, at a decent hour."
    return views.ended(text)


def ask_for_day(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock, hr: Hr
) -> None:
    ack()
    press = _pressed(body, hr)
    seen = _seen(sessions, _draft(press), clock)
    view = views.day_form(seen, press.user, f"{_seal(press)}:{Place.of(body).subject}", clock().date())
    client.views_open(trigger_id=press.trigger_id or "", view=view)


def schedule(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    hr: Hr,
) -> None:
    form = Submission.parse(body)
    hr = hr.afresh()
    draft_id, seal, place = form.subject.split(":", 2)
    day = date.fromisoformat(_day(body))
    try:
        hr.require(form.user)
        drafting.schedule(sessions, draft_id, day, _rules(settings, hr), clock(), seen=seal)
    except CandorError as error:
        ack(response_action="errors", errors={"day": str(error)[:1900]})
        if isinstance(error, HrOnly | HrUnknown):
            return
        Place.parse(place).show(client, _after(error, sessions, draft_id, form.user, clock))
        return
    seen = _seen(sessions, draft_id, clock)
    ack(response_action="update", view=notice("Saved", escape(views.standing(seen))))
    Place.parse(place).show(client, views.message(seen, form.user))


def _draft(press: Press) -> str:
    return press.subject.partition(":")[0]


def _seal(press: Press) -> str:
    """What the preview was made of; a button of before there were seals has none, and decides nothing."""
    return press.subject.partition(":")[2]


def _day(body: dict[str, Any]) -> str:
    return str(body["view"]["state"]["values"]["day"]["day"]["selected_date"])


def _pressed(body: dict[str, Any], hr: Hr) -> Press:
    """The press, of somebody who is HR now and whose button it is."""
    press = Press.parse(body)
    hr.require(press.user)
    return press


def _rules(settings: Settings, hr: Hr) -> Rules:
    return Rules(settings.channel, hr.everybody(), settings.two_publishers)


def _seen(sessions: SessionFactory, draft_id: str, clock: Clock) -> Preview:
    with reading(sessions) as session:
        draft = drafts.get(session, draft_id)
        if draft is None:
            raise Gone
        return preview(session, draft, clock())
