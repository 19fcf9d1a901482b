"""Constraints name the field that mends them: nothing changes in the database."""

import datetime

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0012_alphabetical_order"),
        ("institution", "0005_alphabetical_order"),
        ("mission", "0021_support_may_be_withdrawn"),
        ("sittings", "0007_alphabetical_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="booking",
            name="booking_ends_after_start",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="booking_ends_after_start",
                violation_error_code="ends_at",
                violation_error_message="La fin vient après le début.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="booking",
            name="booking_in_this_century",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__lt", datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    ("starts_at__gte", datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="booking_in_this_century",
                violation_error_code="starts_at",
                violation_error_message="Écrivez une année entre 2000 et 2099.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="budgetentry",
            name="budget_entry_positive",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="budget_entry_positive",
                violation_error_code="amount",
                violation_error_message="Le montant est positif.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="budgetline",
            name="budget_line_planned_positive",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned__gte", 0)),
                name="budget_line_planned_positive",
                violation_error_code="planned",
                violation_error_message="Le montant prévu n’est pas négatif.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="contract",
            name="contract_has_holder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("holder__isnull", False), models.Q(("holder_name", ""), _negated=True), _connector="OR"
                ),
                name="contract_has_holder",
                violation_error_code="holder",
                violation_error_message="Choisissez le titulaire, ou écrivez son nom.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="contract",
            name="contract_ends_after_start",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="contract_ends_after_start",
                violation_error_code="ends_on",
                violation_error_message="La fin vient après le début.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="contractorder",
            name="contract_order_positive",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="contract_order_positive",
                violation_error_code="amount",
                violation_error_message="Le montant d’une commande est positif.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="grantapplication",
            name="grant_requested_within_cost",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", models.F("requested")), ("requested__gt", 0)),
                name="grant_requested_within_cost",
                violation_error_code="requested",
                violation_error_message="Le montant demandé est au-dessus de zéro, et au plus le coût du projet.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="grantapplication",
            name="grant_ends_after_start",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="grant_ends_after_start",
                violation_error_code="ends_on",
                violation_error_message="La fin du projet vient après le début.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="grantapplication",
            name="grant_siret_of_14_digits",
            constraint=models.CheckConstraint(
                condition=models.Q(("siret__regex", "^(\\d{14})?$")),
                name="grant_siret_of_14_digits",
                violation_error_code="siret",
                violation_error_message="Le numéro SIRET a 14 chiffres.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="grantapplication",
            name="grant_has_a_number",
            constraint=models.CheckConstraint(
                condition=models.Q(("rna", ""), ("siret", ""), _negated=True),
                name="grant_has_a_number",
                violation_error_code="siret",
                violation_error_message="Donnez le numéro SIRET ; sans SIRET, le numéro RNA.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="grantpayment",
            name="grant_payment_positive",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="grant_payment_positive",
                violation_error_code="amount",
                violation_error_message="Un versement est au-dessus de zéro.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="grantscheme",
            name="scheme_closes_after_opening",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                name="scheme_closes_after_opening",
                violation_error_code="closes_on",
                violation_error_message="Le dernier jour vient après le premier.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="grantscheme",
            name="scheme_amounts_in_order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("envelope__gte", 0), ("least_amount__gt", 0), ("most_amount__gte", models.F("least_amount"))
                ),
                name="scheme_amounts_in_order",
                violation_error_code="most_amount",
                violation_error_message="Le montant minimum est au-dessus de zéro, et le maximum au-dessus de lui.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="grantscheme",
            name="scheme_gap_of_hundred",
            constraint=models.CheckConstraint(
                condition=models.Q(("discussion_gap__lte", 100)),
                name="scheme_gap_of_hundred",
                violation_error_code="discussion_gap",
                violation_error_message="L’écart est de 100 points au plus.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="legalitem",
            name="legal_item_due_after_start",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_on", None), ("starts_on", None), ("due_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="legal_item_due_after_start",
                violation_error_code="due_on",
                violation_error_message="L’échéance vient après l’entrée en vigueur.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="legalitem",
            name="legal_item_in_force_since",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "in_force"), _negated=True), ("starts_on__isnull", False), _connector="OR"
                ),
                name="legal_item_in_force_since",
                violation_error_code="starts_on",
                violation_error_message="Dites depuis quand il est en vigueur.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="legalitem",
            name="legal_item_renewed_has_day",
            constraint=models.CheckConstraint(
                condition=models.Q(("renewal", "none"), ("due_on__isnull", False), _connector="OR"),
                name="legal_item_renewed_has_day",
                violation_error_code="due_on",
                violation_error_message="Ce qui se renouvelle a une échéance.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="legalitem",
            name="legal_item_notice_days",
            constraint=models.CheckConstraint(
                condition=models.Q(("notice_days", None), ("notice_days__lte", 730), _connector="OR"),
                name="legal_item_notice_days",
                violation_error_code="notice_days",
                violation_error_message="Le préavis ne dépasse pas deux ans.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="methodsheet",
            name="method_sheet_group_sizes",
            constraint=models.CheckConstraint(
                condition=models.Q(("group_max__gte", models.F("group_min")), ("group_min__gte", 1)),
                name="method_sheet_group_sizes",
                violation_error_code="group_max",
                violation_error_message="Le groupe va d’une taille à une autre, plus grande ou égale.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="methodsheet",
            name="method_sheet_cost_positive",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", 0)),
                name="method_sheet_cost_positive",
                violation_error_code="cost",
                violation_error_message="Le coût n’est pas négatif.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="partneragreement",
            name="partner_agreement_ends_after_start",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="partner_agreement_ends_after_start",
                violation_error_code="ends_on",
                violation_error_message="La fin vient après le début.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="schemecriterion",
            name="criterion_weight_between",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 1), ("weight__lte", 100)),
                name="criterion_weight_between",
                violation_error_code="weight",
                violation_error_message="Le poids va de 1 à 100.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="supportmethod",
            name="support_method_once",
            constraint=models.UniqueConstraint(
                fields=("row", "method"),
                name="support_method_once",
                violation_error_code="method",
                violation_error_message="Cette méthode est déjà conseillée.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="supportrequest",
            name="support_request_one_requester",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("commune", ""), ("directorate__isnull", False), ("epci", None)),
                    models.Q(("directorate", None), ("epci__isnull", False)),
                    _connector="OR",
                ),
                name="support_request_one_requester",
                violation_error_code="directorate",
                violation_error_message="Qui demande : une direction, ou une intercommunalité (et sa commune).",
            ),
        ),
        migrations.AlterConstraint(
            model_name="training",
            name="training_lasts",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__gt", 0)),
                name="training_lasts",
                violation_error_code="hours",
                violation_error_message="Une session dure plus que zéro heure.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="training",
            name="training_attended_registered",
            constraint=models.CheckConstraint(
                condition=models.Q(("attended", None), ("attended__lte", models.F("registered")), _connector="OR"),
                name="training_attended_registered",
                violation_error_code="attended",
                violation_error_message="Qui vient sans être inscrit s’inscrit à l’entrée : pas plus de présents.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="training",
            name="training_answers_attended",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answers", 0),
                    models.Q(("answers__lte", models.F("attended")), ("attended__isnull", False)),
                    _connector="OR",
                ),
                name="training_answers_attended",
                violation_error_code="answers",
                violation_error_message="Seules les personnes présentes répondent.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="training",
            name="training_satisfaction_answered",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answers", 0), ("satisfaction", None)),
                    models.Q(("answers__gte", 1), ("satisfaction__isnull", False), ("satisfaction__range", (1, 5))),
                    _connector="OR",
                ),
                name="training_satisfaction_answered",
                violation_error_code="satisfaction",
                violation_error_message="La satisfaction va de 1 à 5, et dit combien ont répondu.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="trip",
            name="trip_in_this_century",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__lt", datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    ("starts_at__gte", datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="trip_in_this_century",
                violation_error_code="starts_at",
                violation_error_message="Écrivez une année entre 2000 et 2099.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="watchsource",
            name="watch_source_feed_has_address",
            constraint=models.CheckConstraint(
                condition=models.Q(("address", ""), ("kind", "feed"), _negated=True),
                name="watch_source_feed_has_address",
                violation_error_code="address",
                violation_error_message="Un flux a une adresse.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="watchsource",
            name="watch_source_address_once",
            constraint=models.UniqueConstraint(
                condition=models.Q(("address", ""), _negated=True),
                fields=("assembly", "address"),
                name="watch_source_address_once",
                violation_error_code="address",
                violation_error_message="Cette adresse est déjà celle d’une source.",
            ),
        ),
    ]
