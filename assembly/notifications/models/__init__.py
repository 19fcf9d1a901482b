from assembly.notifications.models.delivery import Delivery
from assembly.notifications.models.distribution import Distribution
from assembly.notifications.models.event import DeliveryEvent
from assembly.notifications.models.letters import LetterBatch
from assembly.notifications.models.mailbox import LocalMessage
from assembly.notifications.models.preference import Preference

__all__ = ["Delivery", "DeliveryEvent", "Distribution", "LetterBatch", "LocalMessage", "Preference"]
