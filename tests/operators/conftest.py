from tests.delivery.conftest import clock, slack, world

__all__ = ["clock", "slack", "world"]
