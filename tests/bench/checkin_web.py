"""The web applications of the check-in bench: ours and the bare one. Each is built in the process that serves it."""

from pathlib import Path

from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app import Services, build_app, make_client
from bot.http import web_app
from bot.settings import Settings
from storage.database import open_engine, session_factory
from tests.bench.checkin_floor import RawCheckIns
from tests.bench.checkin_work import Work
from tests.candor import Clock


def ours(settings: Settings, database_url: str, workspace_id: str) -> Starlette:
    """What `candor run --http` serves."""
    sessions = session_factory(open_engine(database_url))
    services = Services(settings, sessions, Clock(), workspace_id)
    return web_app(build_app(services, make_client(settings)))


def floor(settings: Settings, database: Path, work: Work) -> Starlette:
    """The least that brings Slack's requests to a Bolt app without queueing them in the event loop."""
    app = RawCheckIns(database, work).app(make_client(settings), settings.secret("SLACK_SIGNING_SECRET"))

    async def slack(request: Request) -> Response:
        answer = await run_in_threadpool(app.dispatch, to_bolt_request(request, await request.body()))
        return to_starlette_response(answer)

    return Starlette(routes=[Route("/slack/events", slack, methods=["POST"])])
