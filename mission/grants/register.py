"""Registers of schemes and applications: their columns, forms, lines and due dates."""

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from assembly.lists import Column, column
from assembly.lists.filters import Filter, by_related
from assembly.text.french import Label
from mission.grants import actions, rules
from mission.grants.forms import GrantForm, SchemeForm, SchemeLineForm
from mission.grants.models import (
    AGREEMENT_ABOVE,
    GrantApplication,
    GrantPayment,
    GrantScheme,
    GrantState as S,
    SchemeCriterion,
    SchemePiece,
    SchemeReader,
    SchemeState,
)
from mission.grants.workflow import SCHEME_STEPS, STEPS
from mission.registers.declaration import Due, Lines, Register, Section, register

SCHEMES = register(
    Register(
        key="schemes",
        slug="dispositifs",
        model=GrantScheme,
        noun="scheme",
        prefix="DS",
        title=_("Dispositifs de subvention"),
        new=_("Préparer un dispositif"),
        noun_with_article=_("le dispositif"),
        counted=ngettext_lazy("%(n)s dispositif", "%(n)s dispositifs", "n"),
        empty=_("Ce qu’une association peut demander, jusqu’à quand, et qui lit les demandes."),
        order=80,
        tab_of="grants",
        sections=[
            Section(_("Le dispositif"), ["name", "purpose", "owner"]),
            Section(_("Quand"), ["opens_on", "closes_on"]),
            Section(_("Combien"), ["least_amount", "most_amount", "envelope"]),
            Section(_("Lecture et publication"), ["discussion_gap", "publishes_all"]),
        ],
        helps={"closes_on": _("Ce jour compte jusqu’à minuit, heure de Paris.")},
        form=SchemeForm,
        columns=[
            column(GrantScheme, "opens_on", "ouverture"),
            column(GrantScheme, "closes_on", "cloture"),
            Column(_("Demandes"), "applications_count", "demandes", ["applications_count"], number=True),
            Column(_("Voté, en euros"), "voted_sum", "vote", number=True),
            column(GrantScheme, "envelope", "enveloppe"),
        ],
        rows=lambda rows: rows.annotate(
            applications_count=Count("applications"), voted_sum=Sum("applications__voted_amount")
        ),
        steps=SCHEME_STEPS,
        path=[SchemeState.DRAFT, SchemeState.PUBLISHED, SchemeState.CLOSED],
        lines=[
            Lines(
                "criteres",
                SchemeCriterion,
                _("Grille"),
                _("Ajouter un critère"),
                ["label", "weight"],
                form=SchemeLineForm,
            ),
            Lines(
                "pieces",
                SchemePiece,
                _("Pièces demandées"),
                _("Ajouter une pièce"),
                ["label", "is_required"],
                form=SchemeLineForm,
            ),
            Lines(
                "lecture",
                SchemeReader,
                _("Qui lit"),
                _("Ajouter une personne"),
                ["user"],
                columns=[Column(_("Nom"), lambda line: line.user.get_full_name())],
                load=["user__person"],
            ),
        ],
        dues=[
            Due(
                "closes_on",
                _("Dernier jour pour déposer : %(name)s"),
                ahead=14,
                when=Q(state=SchemeState.PUBLISHED),
            )
        ],
    )
)

IS_DOUBLE = Exists(
    GrantApplication.objects.filter(
        (Q(siret=OuterRef("siret")) & ~Q(siret="")) | (Q(rna=OuterRef("rna")) & ~Q(rna="")),
        scheme=OuterRef("scheme"),
    )
    .exclude(pk=OuterRef("pk"))
    .exclude(state__in=S.tagged("dropped"))
) & ~Q(state__in=S.tagged("dropped"))


ASSESSMENT = Q(state=S.ASSESSMENT)
UNSENT = Q(state__in=S.tagged("decided"), decision_sent_at=None) & ~Q(contact_email="")
NOTHING = "rien"
# What an application waits for: the first condition that holds, else nothing. Filter, column and sentence read it.
WAITS: dict[str, tuple[Label, Q]] = {
    "pieces": (_("contrôle des pièces"), Q(state=S.RECEIVED)),
    "association": (_("pièces de l’association"), Q(state=S.INCOMPLETE)),
    "personnes": (_("personnes qui lisent"), ASSESSMENT & (Q(first_reader=None) | Q(second_reader=None))),
    "notes": (_("notes des deux lectures"), ASSESSMENT & Q(score=None)),
    "echange": (_("échange entre les lectures"), ASSESSMENT & Q(gap__gt=F("scheme__discussion_gap"), discussion="")),
    "avis": (_("avis"), ASSESSMENT & Q(opinion="")),
    "inscription": (_("inscription au comité"), ASSESSMENT),
    "vote": (_("vote"), Q(state=S.COMMITTEE)),
    "annonce": (_("annonce de la décision"), UNSENT),
    "convention": (
        _("signature de la convention"),
        Q(state=S.VOTED, voted_amount__gt=AGREEMENT_ABOVE, agreement_signed_on=None),
    ),
    "versement": (_("versement"), Q(state=S.VOTED)),
    "compte-rendu": (_("compte rendu financier"), Q(state=S.PAID, reported_on=None)),
    "cloture": (_("clôture"), Q(state=S.PAID, ended_on=None)),
}
WAITS_FOR = Case(
    *(When(condition, then=Value(key)) for key, (_label, condition) in WAITS.items()), default=Value(NOTHING)
)
WAIT_CHOICES = [*((key, label) for key, (label, _condition) in WAITS.items()), (NOTHING, _("rien"))]


def wait_label(row: GrantApplication) -> str:
    """Return « signature de la convention »; empty at the end."""
    key = getattr(row, "waits_for", NOTHING)
    return "" if key == NOTHING else str(WAITS[key][0])


def wait_sentence(row: GrantApplication) -> str:
    """Return « Votée. En attente : signature de la convention. »; the state alone at the end."""
    if row.state == S.PAID and row.ended_on:
        return gettext("Versée et close.")
    params = {"state": row.get_state_display().capitalize(), "what": wait_label(row)}
    return gettext("%(state)s. En attente : %(what)s.") % params if params["what"] else ""


def reference_and_project(row: GrantApplication) -> str:
    label = f"{row.reference} · {row.project}"
    return f"{label} · {gettext('doublon à examiner')}" if getattr(row, "is_double", False) else label


GRANTS = register(
    Register(
        key="grants",
        slug="subventions",
        model=GrantApplication,
        noun="grant",
        prefix="SUB",
        title=_("Demandes de subvention"),
        new=_("Saisir une demande"),
        noun_with_article=_("la demande"),
        counted=ngettext_lazy("%(n)s demande", "%(n)s demandes", "n"),
        empty=_("Ce que les associations demandent, de la réception au compte rendu financier."),
        order=79,
        sections=[
            Section(_("L’association"), ["name", "siret", "rna"]),
            Section(_("Qui joindre"), ["contact_name", "contact_email", "contact_phone"]),
            Section(
                _("Le projet"),
                ["scheme", "project", "description", "starts_on", "ends_on", "received_on"],
            ),
            Section(_("L’argent"), ["cost", "requested", "other_funders", "has_committed"]),
            Section(_("Suivi"), ["owner", "due_on", "notes"]),
        ],
        form=GrantForm,
        private=["contact_name", "contact_email", "contact_phone"],
        name_note=reference_and_project,
        columns=[
            column(GrantApplication, "scheme", "dispositif"),
            column(GrantApplication, "requested", "demande"),
            column(GrantApplication, "score", "note"),
            column(GrantApplication, "voted_amount", "vote"),
            column(GrantApplication, "received_on", "recue", is_default=False),
            column(GrantApplication, "decided_on", "decidee", is_default=False),
            Column(_("En attente de"), wait_label, "attente"),
        ],
        filters=[
            Filter("attente", _("En attente de"), "waits_for", WAIT_CHOICES),
            by_related(GrantApplication, "scheme", "dispositif", order="-closes_on"),
        ],
        search=("name", "reference", "project", "siret"),
        load=["first_reader__person", "second_reader__person"],
        rows=lambda rows: rows.annotate(is_double=IS_DOUBLE, waits_for=WAITS_FOR),
        audit_events={"checked": _("a commencé la vérification des pièces")},  # no step any more: older histories
        steps=STEPS,
        sentence=wait_sentence,
        path=[S.RECEIVED, S.ASSESSMENT, S.COMMITTEE, S.VOTED, S.PAID],
        lines=[
            Lines(
                "versements",
                GrantPayment,
                _("Versements"),
                _("Noter un versement"),
                ["paid_on", "amount", "order"],
                order=["paid_on", "pk"],
                write=actions.write_payment,
                offered=rules.can_be_paid,
            )
        ],
        dues=[
            Due(
                "due_on",
                _("Suivre la demande : %(name)s"),
                when=Q(state__in=S.tagged("undecided", "awarded"), reported_on=None),
            ),
            Due(
                "",
                _("Doublon à examiner : %(name)s"),
                when=Q(state__in=S.tagged("undecided"), is_double=True),
            ),
            Due(
                "",
                _("Annoncer la décision à l’association : %(name)s"),
                when=UNSENT,
            ),
        ],
        identity=("reference",),
    )
)
