"""/healthz, /readyz and /metrics, for a private network."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import Services
from bot.delivery import DeliverySettings
from bot.operators.health import Health
from bot.operators.looking import Look
from bot.operators.metrics import Metrics
from bot.pulse.keys import KeyDirectory
from bot.serving import listen, serving
from bot.settings import Settings
from storage.database import newest_schema

log = structlog.get_logger("candor.operators")

# So many ticks may fail or be late before anybody is told.
TICKS = 6


@dataclass(frozen=True)
class Operations:
    """What one process shows to whoever runs it."""

    metrics: Metrics
    health: Health


def operations(services: Services, clock_trouble: Callable[[], str | None]) -> Operations:
    """Metrics and health of this process, on a registry of their own; `clock_trouble` says what its clock has."""
    look = Look(services.sessions, services.workspace_id, KeyDirectory(services.settings.keys))
    # In a rush, one tick sends for as long as a run may take.
    longest_tick = timedelta(seconds=TICKS * services.settings.tick_seconds + DeliverySettings().run_s)
    engine: Engine = services.sessions.kw["bind"]
    metrics = Metrics(CollectorRegistry(), look.snapshot, services.clock)
    health = Health(
        look,
        services.clock,
        schema=newest_schema(engine),
        tick_age=metrics.tick_age,
        longest_tick=longest_tick,
        clock_trouble=clock_trouble,
    )
    return Operations(metrics, health)


def ops_routes(shown: Operations) -> list[Route]:
    """The three addresses. Each answers in a thread: the event loop never waits for a database."""

    def healthz(_request: Request) -> Response:
        trouble = shown.health.alive()
        return JSONResponse({"database": trouble or "ok"}, status_code=503 if trouble else 200)

    def readyz(_request: Request) -> Response:
        checks = list(shown.health.checks())
        ready = all(check.red is None for check in checks)
        said = {"ready": ready, "checks": {check.name: check.red or "ok" for check in checks}}
        return JSONResponse(said, status_code=200 if ready else 503)

    def metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(shown.metrics.registry), headers={"content-type": content_type})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def ops_app(shown: Operations) -> Starlette:
    """The three addresses as an application of their own."""
    return Starlette(routes=ops_routes(shown))


@contextmanager
def serving_ops(shown: Operations, settings: Settings) -> Iterator[Callable[[], None]]:
    """Serve the three on CANDOR_OPS_PORT until the end of the block; nothing happens when it is not set.

    Yields a check that raises `OperatorError` when the server has ended by itself. Raises it when the port is in use.
    """
    if settings.ops_port is None:
        yield lambda: None
        return
    with serving(ops_app(shown), listen(settings.host, settings.ops_port, "CANDOR_OPS_PORT")) as check:
        log.info("operators are served", host=settings.host, port=settings.ops_port)
        yield check
