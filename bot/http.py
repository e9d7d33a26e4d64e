"""Slack's request URL and /healthz, for those who cannot use Socket Mode."""

import structlog
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import Services, build_app
from bot.running import make_outbox
from bot.schedule import start
from storage.database import SessionFactory

log = structlog.get_logger("candor.http")


def web_app(app: App, sessions: SessionFactory) -> Starlette:
    """POST /slack/events for everything Slack sends, GET /healthz for whoever watches."""

    async def slack(request: Request) -> Response:
        body = await request.body()
        try:
            parsed = to_bolt_request(request, body)
        except (ValueError, KeyError, TypeError):
            # Not even of the form that Slack sends: there is nobody to answer.
            return Response(status_code=400)
        # Bolt waits for the ack in the calling thread: in the event loop's own, requests would queue behind it.
        answer = await run_in_threadpool(app.dispatch, parsed)
        return to_starlette_response(answer)

    def healthz(_request: Request) -> Response:
        try:
            with sessions() as session:
                session.connection().execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            return JSONResponse({"database": type(error).__name__}, status_code=503)
        return JSONResponse({"database": "ok"})

    return Starlette(routes=[Route("/slack/events", slack, methods=["POST"]), Route("/healthz", healthz)])


def run_http(services: Services, client: WebClient) -> None:
    """Serve Slack's requests and tick, until interrupted."""
    settings = services.settings
    settings.secret("SLACK_SIGNING_SECRET")
    web = web_app(build_app(services, client), services.sessions)
    scheduler = start(services, client, make_outbox(services, client))
    log.info("running", mode="http", workspace=services.workspace_id, port=settings.port)
    try:
        uvicorn.run(web, host=settings.host, port=settings.port, log_config=None, access_log=False)
    finally:
        scheduler.shutdown()
