"""Addresses of mail: the team's screens, each reader's own, the provider's webhook, the developer's mailbox."""

from django.urls import path

from assembly.institution.pages import allowed_term, list_page
from assembly.notifications import mailbox, views
from assembly.notifications.lists import DISTRIBUTIONS

RECIPIENT = "bureau/envois/destinataires/<int:pk>/"
DELIVERY_STEPS = {"relancer": "retry", "parti": "confirm", "renvoyer": "send_again", "appele": "call"}

app_name = "notifications"
urlpatterns = [
    path("bureau/envois/", list_page(DISTRIBUTIONS, allowed_term), name="distribution-list"),
    path("bureau/envois/<int:pk>/", views.distribution_page, name="distribution-page"),
    path("bureau/envois/<int:pk>/avancement/", views.distribution_progress, name="distribution-progress"),
    path("bureau/envois/<int:pk>/preuve.csv", views.distribution_proof, name="distribution-proof"),
    path("bureau/envois/<int:pk>/preuve-pdf/", views.distribution_proof_pdf, name="distribution-proof-pdf"),
    path("bureau/envois/<int:pk>/relancer/", views.distribution_retry, name="distribution-retry"),
    path("bureau/envois/<int:pk>/arreter/", views.distribution_stop, name="distribution-stop"),
    path("bureau/envois/<int:pk>/imprimer/", views.letters_print, name="letters-print"),
    path("bureau/envois/<int:pk>/remises/", views.letters_hand_over, name="letters-hand-over"),
    *(
        path(
            f"{RECIPIENT}{word}/",
            views.delivery_step,
            {"step_name": step_name},
            name=f"delivery-{step_name.replace('_', '-')}",
        )
        for word, step_name in DELIVERY_STEPS.items()
    ),
    path(f"{RECIPIENT}lettre/", views.delivery_write, name="delivery-write"),
    path("rappels/<str:label>/<int:pk>/", views.reminder, name="reminder"),
    path("espace/messages/", views.message_list, name="message-list"),
    path("espace/messages/<int:pk>/", views.message_page, name="message-page"),
    path("compte/courriels/", views.preferences_page, name="preferences"),
    path("courriels/arret/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("webhooks/mail/<slug:provider>/", views.mail_webhook, name="mail-webhook"),
    path("boite-mail/", mailbox.mailbox_list, name="mailbox-list"),
    path("boite-mail/<int:pk>/", mailbox.mailbox_message, name="mailbox-message"),
    path("boite-mail/<int:pk>/page/", mailbox.mailbox_html, name="mailbox-html"),
    path("boite-mail/<int:pk>/pieces/<int:number>/", mailbox.mailbox_file, name="mailbox-file"),
]
