"""Slack's request URL, for those who cannot use Socket Mode."""

import threading
from collections.abc import Sequence

import structlog
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app import Services, build_app
from bot.operators.web import ops_routes, serving_ops
from bot.running import ticking, until
from bot.serving import listen, serving

log = structlog.get_logger("candor.http")


def web_app(app: App, beside: Sequence[Route] = ()) -> Starlette:
    """POST /slack/events for everything Slack sends, and the routes that are served beside it."""

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

    return Starlette(routes=[Route("/slack/events", slack, methods=["POST"]), *beside])


def run_http(services: Services, client: WebClient, told: threading.Event) -> None:
    """Serve Slack's requests and tick, until told to stop. Raises `OperatorError` when a port is in use."""
    settings = services.settings
    settings.secret("SLACK_SIGNING_SECRET")
    listener = listen(settings.host, settings.port, "CANDOR_PORT")
    with listener, ticking(services, client) as shown, serving_ops(shown, settings) as ops_well:
        beside = ops_routes(shown) if settings.ops_port is None else []
        web = web_app(build_app(services, client, acked=shown.metrics.acked), beside)
        with serving(web, listener) as well:
            log.info("running", mode="http", workspace=services.workspace_id, port=settings.port)
            until(told, lambda: (well(), ops_well()))
