"""Register of legal items: its columns, form and due dates."""

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.lists import by_choice, column
from mission.legal.models import LegalItem, LegalState as S
from mission.legal.workflow import STEPS
from mission.registers.declaration import Due, Register, Section, register

TO_DECIDE = 30  # days that are left to decide, before the notice must be given
DAYS = Value(90)  # days before the end of an act without notice

LEGAL = register(
    Register(
        key="legal",
        slug="juridique",
        model=LegalItem,
        prefix="JU",
        title=_("Juridique"),
        new=_("Ajouter un acte"),
        noun_with_article=_("l’acte"),
        counted=ngettext_lazy("%(n)s acte", "%(n)s actes", "n"),
        empty=_("Délibérations, conventions, analyses d’impact, assurances, registre des traitements."),
        order=60,
        sections=[
            Section(_("L’acte"), ["name", "kind", "number", "document"]),
            Section(_("Sa durée"), ["starts_on", "due_on", "renewal", "notice_days"]),
            Section(_("Suivi"), ["owner", "directorate", "notes"]),
        ],
        helps={
            "due_on": _("Jusqu’à quand il vaut, ou quand le revoir."),
            "notice_days": _("« À faire » le rappelle un mois avant le dernier jour où le donner."),
            "document": _("Sur le site des actes. Un fichier se dépose ensuite, sur la fiche."),
        },
        columns=[
            column(LegalItem, "kind", "nature"),
            column(LegalItem, "number", "numero"),
            column(LegalItem, "starts_on", "vigueur", is_default=False),
            column(LegalItem, "renewal", "renouvellement"),
            column(LegalItem, "directorate", "direction", is_default=False),
        ],
        filters=[by_choice(LegalItem, "kind", "nature"), by_choice(LegalItem, "renewal", "renouvellement")],
        search=("name", "number", "reference"),
        default="echeance",
        steps=STEPS,
        path=[S.PREPARED, S.IN_FORCE, S.REPLACED],
        identity=("name", "number"),
        dues=[
            Due(
                "due_on",
                _("Échéance juridique : %(name)s"),
                ahead=Coalesce(F("notice_days") + TO_DECIDE, DAYS),
                when=Q(state__in=[S.PREPARED, S.IN_FORCE]),
            ),
        ],
    )
)
