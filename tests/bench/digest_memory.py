"""How much memory it takes to compose the digests of few people, and of many."""

from storage.database import open_engine, session_factory
from tests.bench import databases, digest_rows, digest_work
from tests.bench.lines import Line, at_most_times
from tests.bench.memory import peak_mb
from tests.bench.size import Size

MOST_TIMES = 1.2


def bench(size: Size) -> list[Line]:
    """Peak MB of a process that composes for many people ("ours") and of one that does for few ("floor")."""
    with databases.sqlite() as engine:
        digest_rows.fill(engine, size.many, days=1)
        many, few = (peak_mb(compose, str(engine.url), people) for people in (size.many, size.few))
    return [at_most_times("digest-memory", many, few, "MB", MOST_TIMES)]


def compose(database_url: str, people: int) -> None:
    """Compose and render everybody's digest, a batch at a time."""
    sessions = session_factory(open_engine(database_url))
    for batch in digest_work.batches(people):
        digest_work.ours(sessions, batch)
