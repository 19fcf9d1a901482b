"""The accessible web version of the sealed file: the same facts and the same text, as a page of the site."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString

from opinions.models import Opinion
from opinions.papers.documents.body import Body, body_of, with_recommendation_footers
from opinions.papers.documents.files import contents_of
from opinions.papers.queries import OpinionFacts, chapters_of
from opinions.queries.opinion_annexes import annexes_of


def web_version_of(opinion: Opinion, footers: Mapping[str, SafeString]) -> dict[str, Any]:
    """Return the context of `opinions/papers/web_version.html`; `document`: the sealed file’s reference on the site.

    `footers`: what became of each recommendation since, by the key of its node, which the sealed file cannot contain.
    """
    sealed = annexes_of(opinion)["sealed"] or {"reference": "", "facts": None}
    facts = OpinionFacts(opinion, sealed_facts=sealed["facts"])
    body = _body(json.dumps([facts["tree"], facts["data"]["recommendations"]], default=str))
    return {
        "facts": facts,
        "body": with_recommendation_footers(body, footers),
        "contents": contents_of(facts, body),
        "easy_read_file": upload if (upload := chapters_of(opinion).easy_read_file) and upload.is_available else None,
        "document": sealed["reference"],
    }


@lru_cache(maxsize=64)
def _body(text: str) -> Body:
    """Return the body of a tree and its recommendations, given as JSON; the same text always gives the same page."""
    tree, recommendations = json.loads(text)
    return body_of(tree, {"recommendations": recommendations})
