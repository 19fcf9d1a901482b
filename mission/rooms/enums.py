from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class BookingState(States):
    TO_CONFIRM = "to_confirm", State("waiting", tags={"active"}), _("à confirmer")
    CONFIRMED = "confirmed", State("done", tags={"active"}), _("confirmée")
    CANCELLED = "cancelled", State("closed"), _("annulée")
