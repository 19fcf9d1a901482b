"""S-2026-02: complete, in internal review, ready for the visa of the president's office."""

from datetime import date

from consultations.referrals import actions as referrals
from consultations.referrals.workflow.by_origin import REFERRAL
from demo.clock import at
from demo.context import DemoContext
from demo.institution.directorates import directorate


def seed(context: DemoContext) -> None:
    """Prepare it in November 2026; the visa is for whoever plays the president's office."""
    with at("2026-11-12 10:00"):
        referral = referrals.create(
            context.term,
            by=context.officer,
            title="L’eau qui manque l’été",
            lead=directorate(context, "ecologie"),
            associated=[directorate(context, code) for code in ("agriculture", "habitat", "education")],
            question="Comment partager l’eau en Haute-Garonne quand elle manque l’été ?",
            context="Quatre étés sur cinq, des restrictions touchent plus de la moitié des communes. Les usages se "
            "disputent la même eau : boire, produire, se baigner, laisser vivre les rivières.",
            decided="Les seuils de restriction sont fixés par la préfecture.",
            open_points="Ce que le Département fait dans ses collèges, ses routes, ses aides ; la manière d’informer.",
            impossible="Fixer le prix de l’eau : il dépend des communes et de leurs syndicats.",
            budget_frame="Trois cent mille euros par an, dès le budget 2028.",
            deliverable="Un avis de huit préconisations au plus, avec ce que chacune demande aux habitants.",
            support_offered="L’équipe de la mission, les directions nommées, quatre auditions.",
            work_starts_on=date(2026, 12, 5),
            due_on=date(2027, 6, 12),
            target_decision="Plan départemental de l’eau",
            target_decision_on=date(2027, 10, 14),
        )
    with at("2026-11-19 16:00"):
        REFERRAL.transition(referral, "submit", by=context.officer)
