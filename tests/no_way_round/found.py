"""What there is: every listener that the app registers, and every command that can be typed."""

from collections.abc import Callable
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from bot.app import FEATURES
from bot.cli import app

Listener = Callable[..., Any]


class Registering:
    """Takes down what features register, in the place of the app: (kind and id, listener), in order."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Listener]] = []

    def __getattr__(self, kind: str) -> Callable[..., Callable[[Listener], Listener]]:
        def register(name: str, **_constraints: Any) -> Callable[[Listener], Listener]:
            def take(listener: Listener) -> Listener:
                self.found.append((f"{kind} {name}", listener))
                return listener

            return take

        return register


def listeners() -> list[tuple[str, Listener]]:
    """Every listener with its kind and id, such as "action held.open", in the order in which the app asks them."""
    registering: Any = Registering()
    for feature in FEATURES:
        feature.register(registering)
    return list(registering.found)


def typed_commands() -> frozenset[str]:
    """Every command as it is typed after `candor`: "people sync"."""
    return frozenset(_below(get_command(app), ""))


def _below(command: Any, name: str) -> set[str]:
    if not isinstance(command, TyperGroup):
        return {name}
    # A group that does something by itself is a command as well.
    own = {name} if command.invoke_without_command else set()
    return own.union(*(_below(each, f"{name} {word}".strip()) for word, each in command.commands.items()))
