"""The story of an opinion in real browsers: from referral S-2025-01 to what anybody reads on the site.

The referral is the demonstration's, told by the demonstration itself up to the groups at work: its path in a browser
is another story. Time is moved in the database: the day when amendments close, the day of the plenary. Each step is
done on the screens by the person to whom it belongs; where the same step comes again (the next note, the next check
of form), the rest of it is done by the same acts without a browser. After each step the story looks at the journal
and at the mailbox: nothing else moved, nobody else was told.
"""

import pytest
from playwright.sync_api import expect

from opinions.amending.changes import Operation
from opinions.papers import actions as papers
from tests.e2e.coediting import TEXT
from tests.e2e.opinion_story import amending, gathering, publishing, voting, writing
from tests.e2e.opinion_story.amending import LINE, MEASURE, NEW
from tests.e2e.opinion_story.cast import CARE, MOVE, PLACES, Cast, Place, Watch, section_of, word_file
from tests.e2e.test_story import Rooms
from tests.verapdf import validator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
]


@pytest.fixture
def cast(open_context, people, site, settings):
    """Make the demonstration's assembly and question, six members in two groups, and the mailbox page."""
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    return Cast(Rooms(open_context, people, site), people)


def test_from_the_plan_to_the_published_opinion(cast, worker, tmp_path):
    validator()  # it starts meanwhile
    watch = Watch()
    places = [Place(cast, name) for name in PLACES]
    watch.look()
    opinion = writing.plan(cast, watch)
    writing.write_together(cast, opinion)
    writing.bring_in(cast, opinion, MOVE)
    papers.write(papers.preview(section_of(opinion, CARE).text, word_file(CARE), by=cast.officer), by=cast.officer)
    expect(cast.page("maryse").locator(TEXT)).to_contain_text("Des taxis partagés")
    watch.wrote("text.import_shown*2", "text.import_written*2")
    watch.told_nobody()
    writing.propose(cast, opinion)
    writing.decide(cast, watch, opinion)
    writing.comment(cast, watch)
    writing.validate(cast, watch, opinion)
    gathering.ask_directorates(cast, watch, opinion, places)
    gathering.note_all(cast, watch, opinion, places[0])
    gathering.wait_no_longer(cast, watch, opinion, places[1])
    gathering.unite(cast, watch, opinion)
    gathering.arrange(cast, watch, opinion)
    sitting = amending.table(cast, watch, opinion)
    adopted = amending.amend(
        cast, "lucie", opinion, LINE, "Remplacer", quote=LINE, new=NEW, why="Les deux, c’est plus juste."
    )
    change = {"quote": "sur trois", "typed": "sur quatre", "reason": "Le chiffre a changé."}
    fallen = amending.amend_too(cast["hugo"], opinion, LINE, Operation.REPLACE, **change)
    withdrawn = amending.amend_too(cast["nadia"], opinion, MEASURE, Operation.DELETE, reason="Trop précis.")
    watch.wrote("amendment.submitted*3")
    rejected = amending.record_for(cast, watch, opinion)
    amending.check_form(cast, watch, opinion, [adopted, fallen, withdrawn, rejected])
    amending.withdraw(cast, watch, opinion, withdrawn)
    amending.give_views(cast, watch, opinion, [adopted, fallen, rejected])
    amending.close_window(cast, watch, opinion)
    voting.open_sitting(cast, watch, sitting)
    voting.debate(cast, watch, opinion, adopted, fallen, rejected)
    voting.vote(cast, watch, opinion)
    voting.compare_texts(opinion)
    publishing.disagree(cast, watch, opinion)
    publishing.give_visas(cast, watch, opinion)
    publishing.seal(cast, watch, opinion, tmp_path)
    publishing.hand_over(cast, watch, opinion)
    publishing.publish(cast, watch, opinion)
