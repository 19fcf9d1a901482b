"""The lines of the table about the papers of opinions: who has them, writes around them, gives visas, brings files."""

from opinions.models import Opinion, OpinionState, PrintedChapters, TextImport
from sessions.models import Sitting
from tests.factories.documents import UploadFactory
from tests.factories.opinions import OpinionFactory
from tests.security.opinion_routes import of, opinion, section
from tests.security.routes import ANYONE, DESK, ELECTED, MEMBERS, TEAM, Route

S = OpinionState
READERS = f"{DESK} {MEMBERS} {ELECTED}"
WORDS = {"version": 0, "foreword": "Nous attendons une réponse."}


def reported(p):
    """Make an adopted opinion whose rapporteur is the member; the sponsor chaired the vote."""
    made = opinion(p, S.ADOPTED)
    Opinion.objects.filter(pk=made.pk).update(rapporteur=p["member"].person)
    Sitting.objects.filter(pk=made.tabled_sitting_id).update(chair=p["sponsor"].person)
    return {"pk": made.pk}


def asked(p):
    return {**of(S.TABLED)(p), "kind": "texte-numerote"}


def whole(p):
    return {**of(S.TABLED)(p), "suffix": "docx"}


def group_text(p):
    return {"public_id": str(section(p).text.public_id)}


def group_file(p):
    return {**group_text(p), "suffix": "odt"}


def waiting(p):
    """Make a file that the member has read into the text of their group."""
    tree = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Bonjour"}]}]}
    row = TextImport.objects.create(
        text=section(p).text, file_name="texte.docx", digest="0" * 64, tree=tree, created_by=p["member"]
    )
    return {"public_id": row.public_id}


def published(p):
    return {"reference": OpinionFactory(term=p.term, state=S.PUBLISHED, easy_read="Il faut des bus.").reference}


def laid_out(p):
    """Make a published opinion with the file of its easy-read summary."""
    made = OpinionFactory(term=p.term, state=S.PUBLISHED)
    PrintedChapters.objects.create(opinion=made, easy_read_file=UploadFactory(), changed_by=made.officer)
    return {"reference": made.reference}


ROUTES = {
    "opinions:papers": Route(get=DESK, of=of(S.ADOPTED)),
    "opinions:paper-chapters": Route(get=TEAM, post=TEAM, of=of(S.ADOPTED), data=WORDS),
    "opinions:paper-easy-read": Route(get=TEAM, post=TEAM, of=of(S.ADOPTED)),
    "opinions:paper-visa": Route(post=TEAM, of=reported, data={"capacity": "rapporteur"}),
    "opinions:paper-seal": Route(get=TEAM, post=TEAM, of=of(S.ADOPTED)),
    "opinions:my-visa": Route(get="member sponsor", post="member sponsor", of=reported),
    "opinions:paper-ask": Route(post=READERS, of=asked),
    "opinions:opinion-file": Route(get=READERS, of=whole),
    "opinions:text-file": Route(get=f"{DESK} {MEMBERS}", of=group_file),
    "opinions:import": Route(get=f"{DESK} member", post=f"{DESK} member", of=group_text),
    "opinions:import-shown": Route(get="member", post="member", of=waiting, data={"do": "leave"}),
    "opinions:public-json": Route(get=ANYONE, of=published),
    "opinions:public-csv": Route(get=ANYONE, of=published),
    "opinions:public-members": Route(get=ANYONE, of=published),
    "opinions:public-easy-read": Route(get=ANYONE, of=published),
    "opinions:public-easy-read-file": Route(get=ANYONE, of=laid_out),
    "opinions:public-file": Route(get=ANYONE, of=lambda p: {**published(p), "suffix": "docx"}),
}
