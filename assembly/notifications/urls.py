"""Addresses of mail: the team's screens, each reader's own, the provider's webhook, the developer's mailbox."""

from django.urls import path

from assembly.institution.current_term import allowed_term
from assembly.institution.list_pages import list_page
from assembly.notifications.lists import DISTRIBUTIONS
from assembly.notifications.views import deliveries, distributions, mailbox, preferences, reminders, webhooks

RECIPIENT = "bureau/envois/destinataires/<int:pk>/"
DELIVERY_STEPS = {"relancer": "retry", "parti": "confirm", "renvoyer": "send_again", "appele": "call"}

app_name = "notifications"
urlpatterns = [
    path("bureau/envois/", list_page(DISTRIBUTIONS, allowed_term), name="distribution-list"),
    path("bureau/envois/<int:pk>/", distributions.distribution_page, name="distribution-page"),
    path("bureau/envois/<int:pk>/avancement/", distributions.distribution_progress, name="distribution-progress"),
    path("bureau/envois/<int:pk>/preuve.csv", distributions.distribution_proof, name="distribution-proof"),
    path("bureau/envois/<int:pk>/preuve-pdf/", distributions.distribution_proof_pdf, name="distribution-proof-pdf"),
    path("bureau/envois/<int:pk>/relancer/", distributions.distribution_retry, name="distribution-retry"),
    path("bureau/envois/<int:pk>/arreter/", distributions.distribution_stop, name="distribution-stop"),
    path("bureau/envois/<int:pk>/imprimer/", distributions.letters_print, name="letters-print"),
    path("bureau/envois/<int:pk>/remises/", distributions.letters_hand_over, name="letters-hand-over"),
    *(
        path(
            f"{RECIPIENT}{word}/",
            deliveries.delivery_step,
            {"step_name": step_name},
            name=f"delivery-{step_name.replace('_', '-')}",
        )
        for word, step_name in DELIVERY_STEPS.items()
    ),
    path(f"{RECIPIENT}lettre/", deliveries.delivery_write, name="delivery-write"),
    path("rappels/<str:label>/<int:pk>/", reminders.reminder, name="reminder"),
    path("espace/messages/", preferences.message_list, name="message-list"),
    path("espace/messages/<int:pk>/", preferences.message_page, name="message-page"),
    path("compte/courriels/", preferences.preferences_page, name="preferences"),
    path("courriels/arret/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("webhooks/mail/<slug:provider>/", webhooks.mail_webhook, name="mail-webhook"),
    path("boite-mail/", mailbox.mailbox_list, name="mailbox-list"),
    path("boite-mail/<int:pk>/", mailbox.mailbox_message, name="mailbox-message"),
    path("boite-mail/<int:pk>/page/", mailbox.mailbox_html, name="mailbox-html"),
    path("boite-mail/<int:pk>/pieces/<int:number>/", mailbox.mailbox_file, name="mailbox-file"),
]
