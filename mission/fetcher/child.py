"""The process that asks and reads: a request comes in as JSON, a feed or the code of a refusal goes out.

It has no settings, no secret and no database; its memory, its processor time and its life are capped.
"""

import json
import sys
from typing import Any

from assembly.ui import child_process
from mission.fetcher import bodies, client
from mission.fetcher.policy import FeedRefused, Policy


def serve(asked: dict[str, Any], policy: Policy) -> dict[str, Any]:
    try:
        answer = client.get(asked["address"], policy=policy, etag=asked["etag"], modified=asked["modified"])
        kept = {"address": answer.address, "etag": answer.etag, "modified": answer.modified}
        if answer.body is None:
            return kept | {"title": "", "items": [], "is_unchanged": True}
        from mission.fetcher import feeds  # noqa: PLC0415 -- most refusals need no reader of feeds

        return kept | feeds.read_feed(bodies.text_in(answer.body, answer.content_type), answer.address, policy)
    except FeedRefused as refused:
        return {"refused": refused.code}
    except (MemoryError, RecursionError):
        return {"refused": "heavy"}


if __name__ == "__main__":
    request = json.load(sys.stdin)
    policy = Policy(**request.pop("policy"))
    child_process.limit(policy.memory_bytes, policy.cpu_seconds)
    sys.stdout.write(json.dumps(serve(request, policy)))
