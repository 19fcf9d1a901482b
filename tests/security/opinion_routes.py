"""The lines of the table about opinions: bureau, members, directorates, offices, public."""

from django.utils import timezone

from opinions.models import OpinionSection, OpinionState, ServicesCheckState
from opinions.opinions.models import SECTION_KIND
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    PartVoteFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    ServicesRequestFactory,
    shared_text,
)
from tests.security.routes import ANYONE, DESK, DIRECTORATES, ELECTED, MEMBERS, SIGNED_IN, TEAM, Route

S = OpinionState


def opinion(p, state):
    return OpinionFactory(term=p.term, state=state, officer=p["officer"])


def of(state):
    return lambda p: {"pk": opinion(p, state).pk}


def section(p, state=S.DRAFTING, **facts):
    """Make a section of the group where the member sits and leads."""
    made = OpinionSectionFactory(opinion=opinion(p, state), **facts)
    CommitteeMembershipFactory(committee=made.committee, person=p["member"].person, function="group_lead")
    return made


def planned(p):
    made = section(p)
    return {"pk": made.opinion_id, "section": made.pk}


def plan(p):
    return {"pk": section(p).opinion_id}


def own_section(p):
    return {"pk": section(p).pk}


def validated_section(p):
    return {"pk": section(p, validated=True).pk}


def consolidated(p):
    made = opinion(p, S.CONSOLIDATED)
    RecommendationFactory(opinion=made, numbered=True)
    row = RecommendationFactory(opinion=made, numbered=True)
    return {"pk": made.pk, "recommendation": row.pk}


def part(p):
    made = PartVoteFactory(opinion=opinion(p, S.TABLED))
    return {"pk": made.opinion_id, "part": made.pk}


def request(p, state=ServicesCheckState.ASKED):
    made = ServicesRequestFactory(opinion=opinion(p, S.SERVICES_CHECK), directorate=p.directorate, state=state)
    return ServiceNoteFactory(request=made)


def asked(p):
    return {"pk": request(p).request_id}


def noted(p):
    note = request(p)
    return {"pk": note.request_id, "recommendation": note.recommendation_id}


def drafted(p):
    return {"pk": request(p, ServicesCheckState.DRAFTED).request_id}


def submitted(p):
    return {"pk": request(p, ServicesCheckState.SUBMITTED).request_id}


def read_by_directorate(p):
    note = request(p)
    made = OpinionSectionFactory(opinion=note.request.opinion, text=shared_text(SECTION_KIND, p.term, "Un guichet"))
    return {"pk": made.opinion_id, "section": made.pk}


def published(p):
    return {"reference": opinion(p, S.PUBLISHED).reference}


TODAY = f"{timezone.localdate():%Y-%m-%d}"
LATER = f"{timezone.localdate().year + 1}-06-01"
NOTE = {"is_concerned": "1", "competence": "yes", "feasibility": "as_is", "version": 1}
ROUTES = {
    "opinions:list": Route(get=DESK),
    "opinions:export": Route(get=DESK),
    "opinions:create": Route(get=TEAM, post=TEAM),
    "opinions:settings": Route(get="lead", post="lead"),
    "opinions:opinion": Route(get=DESK, of=of(S.DRAFTING)),
    "opinions:edit": Route(get=TEAM, post=TEAM, of=of(S.DRAFTING)),
    "opinions:step": Route(
        get=TEAM, post=TEAM, of=lambda p: {**of(S.ADOPTED)(p), "slug": "facile-a-lire"}, data={"easy_read": "Oui."}
    ),
    "opinions:history": Route(get=DESK, of=of(S.DRAFTING)),
    "opinions:outline": Route(get=TEAM, post=TEAM, of=of(S.OUTLINE), data={"title": "Habiter"}),
    "opinions:section-edit": Route(get=TEAM, post=TEAM, of=planned),
    "opinions:section-move": Route(post=TEAM, of=planned, data={"direction": "up"}),
    "opinions:section-duplicate": Route(post=TEAM, of=planned),
    "opinions:section-remove": Route(post=TEAM, of=planned),
    "opinions:section-restore": Route(post=TEAM, of=planned),
    "opinions:sections-arrange": Route(
        post=TEAM, of=plan, data=lambda p: {"order": f"{OpinionSection.objects.latest('pk').pk}:0"}
    ),
    "opinions:sections-paste": Route(post=TEAM, of=of(S.OUTLINE), data={"text": "Habiter\nBouger"}),
    "opinions:section-text": Route(get=DESK, of=planned),
    "opinions:text": Route(get=DESK, of=of(S.CONSOLIDATED)),
    "opinions:checks": Route(get=TEAM, of=of(S.SERVICES_CHECK)),
    "opinions:recommendations": Route(get=DESK, post=TEAM, of=of(S.CONSOLIDATED), data={"version": 1}),
    "opinions:recommendations-read": Route(post=TEAM, of=of(S.CONSOLIDATED), data={"version": 1}),
    "opinions:recommendation": Route(get=DESK, of=consolidated),
    "opinions:recommendation-merge": Route(get=TEAM, post=TEAM, of=consolidated),
    "opinions:vote": Route(get=DESK, of=of(S.TABLED)),
    "opinions:part-add": Route(get=TEAM, post=TEAM, of=of(S.TABLED), data={"label": "Le chapeau"}),
    "opinions:part-drop": Route(post=TEAM, of=part),
    "opinions:ranking": Route(get=TEAM, post=TEAM, of=of(S.CONSOLIDATED)),
    "opinions:spokespersons": Route(get=TEAM, post=TEAM, of=of(S.ADOPTED)),
    "opinions:spokespersons-draw": Route(post=TEAM, of=of(S.ADOPTED)),
    "opinions:check-close": Route(get=TEAM, post=TEAM, of=asked, data={"reason": "Trop tard."}),
    "opinions:check-due": Route(get=TEAM, post=TEAM, of=asked, data={"due_on": LATER}),
    "opinions:check-remind": Route(get=TEAM, post=TEAM, of=asked),
    "opinions:my-list": Route(get=SIGNED_IN),
    "opinions:my-opinion": Route(get=MEMBERS, of=of(S.DRAFTING)),
    "opinions:my-text": Route(get=MEMBERS, of=of(S.CONSOLIDATED)),
    "opinions:my-section-text": Route(get=MEMBERS, of=planned),
    "opinions:section-validate": Route(
        get=f"{TEAM} member", post=f"{TEAM} member", of=own_section, data={"on": TODAY, "mode": "consent"}
    ),
    "opinions:section-reopen": Route(
        get=f"{TEAM} member", post=f"{TEAM} member", of=validated_section, data={"reason": "Une erreur."}
    ),
    "opinions:check": Route(get=DIRECTORATES, of=asked),
    "opinions:check-note": Route(get=DIRECTORATES, post=DIRECTORATES, of=noted, data=NOTE),
    "opinions:check-submit": Route(get=DIRECTORATES, post=DIRECTORATES, of=drafted),
    "opinions:check-visa": Route(get="dir_approver", post="dir_approver", of=submitted),
    "opinions:check-return": Route(
        get="dir_approver", post="dir_approver", of=submitted, data={"reason": "Chiffrer."}
    ),
    "opinions:check-text": Route(get=DIRECTORATES, of=read_by_directorate),
    "opinions:office-opinion": Route(get=ELECTED, of=of(S.TABLED)),
    "opinions:public-list": Route(get=ANYONE),
    "opinions:public": Route(get=ANYONE, of=published),
    "opinions:public-text": Route(get=ANYONE, of=published),
    "opinions:public-votes": Route(get=ANYONE, of=published),
    "opinions:public-card": Route(get=ANYONE, of=published),
}
