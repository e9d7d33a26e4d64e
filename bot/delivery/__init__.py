"""The only sender of scheduled messages: each one owed reaches its person exactly once, whatever breaks."""

from bot.delivery.messages import Composer, DeliverySettings, Drop, Later, Message, Tally
from bot.delivery.outbox import Outbox

__all__ = ["Composer", "DeliverySettings", "Drop", "Later", "Message", "Outbox", "Tally"]
