"""AS-2026-01 « Accès aux soins »: the plan exists, two groups are writing."""

from collections.abc import Sequence

from assembly.collab.actions import texts
from assembly.collab.document import building
from consultations.models import Referral
from consultations.referrals.workflow.by_origin import REFERRAL
from demo.clock import at
from demo.context import DemoContext
from demo.opinions.ageing_well import sections_of, writer_of, writers
from opinions.opinions import actions
from opinions.sections import actions as sections

PLAN = (
    ("habiter", "Se soigner près de chez soi", "Que faut-il pour qu’un médecin vienne, et reste ?",
     ("À Luchon, le cabinet ferme en mars. Le suivant est à quarante minutes.",
      "Les jeunes médecins veulent travailler à plusieurs, et un logement pour leur famille."),
     "Un logement et un bureau pour chaque interne"),
    ("se-deplacer", "Aller chez le médecin", "Comment y aller quand on ne conduit pas ?",
     ("Le transport à la demande ne passe pas les limites des communes.",),
     "Un numéro d’appel pour un trajet"),
)  # fmt: skip


def seed(context: DemoContext) -> None:
    referral = Referral.objects.select_related("term__assembly").get(term=context.term, reference="AS-2026-01")
    with at("2026-11-09 09:30"):
        REFERRAL.transition(referral, "publish", by=context.officer)
    with at("2026-11-09 10:00"):
        opinion = actions.create(referral, title="Accès aux soins dans les cantons ruraux", by=context.officer)
        for slug, title, guidance, _seen, _idea in PLAN:
            sections.add(
                opinion, title=title, committee=context.committees[slug], guidance=guidance, by=context.officer
            )
    with at("2026-11-16 14:00"):
        actions.open_texts(opinion, by=context.officer)
    for section, (_slug, _title, _guidance, seen, idea) in zip(sections_of(opinion), PLAN, strict=True):
        if section.text is not None:
            with at("2026-11-19 19:20"):
                texts.edit(section.text, writer_of(begun(seen, idea)), by=writers(context, section)[0])


def begun(seen: Sequence[str], idea: str) -> dict[str, object]:
    """Build the text of a first evening: what was seen, one idea whose questions have no answers yet."""
    return building.tree_document(
        building.heading("Ce que nous avons constaté"),
        *(building.paragraph(line) for line in seen),
        building.heading("Ce que nous proposons"),
        building.recommendation(idea),
    )
