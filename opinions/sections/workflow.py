"""Workflow of a text of an opinion: its group validates it, and may open it again."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.collab.models import SharedText
from assembly.collab.queries import tree_of
from assembly.institution.rules import is_team
from assembly.workflow import Permission, Step, Workflow
from opinions.models import OpinionSection, OpinionState as S, SectionState as P
from opinions.opinions.queries import leads, open_suggestions
from opinions.opinions.rules import leads_group
from opinions.sections.forms import ValidateForm
from opinions.versions.rules import check_printable

# Sections


def is_written(section: OpinionSection) -> bool:
    """Return whether the groups write, and this section has its text."""
    return section.opinion.state == S.DRAFTING and section.removed_at is None and section.text_id is not None


def check_decided(text: SharedText) -> None:
    """Raise ValidationError while a suggestion is undecided in the text."""
    if waiting := open_suggestions(text):
        message = ngettext(
            "%(n)s proposition attend une décision dans le texte : acceptez-la ou refusez-la d’abord.",
            "%(n)s propositions attendent une décision dans le texte : acceptez-les ou refusez-les d’abord.",
            waiting,
        )
        raise ValidationError(message % {"n": waiting}, code="suggestions")


def check_ready_to_validate(section: OpinionSection) -> None:
    if section.text is not None:
        check_decided(section.text)
        check_printable(tree_of(section.text))


GROUP: Permission[OpinionSection] = Permission(
    lambda user, section: leads_group(user, section, leads(section)), _("responsable du groupe")
)
ON_BEHALF: Permission[OpinionSection] = Permission(
    lambda user, section: is_team(user, section.opinion.term_id), _("équipe")
)

VALIDATION_COLUMNS = ("validated_on", "votes_for", "votes_against", "abstentions", "validated_by")

SECTION: Workflow[OpinionSection] = Workflow(
    [
        Step(
            "validate",
            {P.DRAFTING},
            P.VALIDATED,
            by=ON_BEHALF | GROUP,
            when=is_written,
            guards=(check_ready_to_validate,),
            history_text=_("a validé le texte d’un groupe"),
            by_column="validated_by",
            changes=lambda section, taken: {"is_on_behalf": not GROUP(taken.by, section)},
            locks_parent=True,
            slug="valider",
            label=_("Valider le texte"),
            success_message=_("Le texte du groupe est validé."),
            consequences=[
                _("Après la validation, on ne peut plus écrire dans le texte. On peut encore le commenter.")
            ],
            form=ValidateForm,
        ),
        Step(
            "reopen",
            {P.VALIDATED},
            P.DRAFTING,
            by=ON_BEHALF | GROUP,
            when=lambda section: section.opinion.state == S.DRAFTING,
            history_text=_("a rouvert le texte d’un groupe"),
            needs_reason=True,
            changes=lambda section, taken: (
                dict.fromkeys(VALIDATION_COLUMNS) | {"validation_mode": "", "is_on_behalf": False}
            ),
            slug="rouvrir",
            label=_("Rouvrir le texte"),
            success_message=_("Le groupe peut écrire de nouveau."),
            consequences=[_("Le groupe peut écrire de nouveau. Il devra valider une autre fois.")],
        ),
    ],
    parent="opinion",
    dossier=lambda section: section.opinion,
    noun="section",
)
