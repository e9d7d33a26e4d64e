"""The only sender of scheduled messages: each one owed reaches its person exactly once, whatever breaks."""

from bot.delivery.crew import Crew, Sender
from bot.delivery.messages import Composer, DeliverySettings, Drop, Later, Message, Tally
from bot.delivery.outbox import Outbox

__all__ = ["Composer", "Crew", "DeliverySettings", "Drop", "Later", "Message", "Outbox", "Sender", "Tally"]
