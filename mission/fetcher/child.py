"""Child process that fetches and parses: it reads a request as JSON and writes a feed or a refusal code.

It has no settings, no secret and no database; its memory, processor time and lifetime are limited.
"""

import json
import sys
from typing import Any

from assembly.files import child_process
from mission.fetcher import client
from mission.fetcher.policy import FeedRefused, Policy


def serve(asked: dict[str, Any], policy: Policy) -> dict[str, Any]:
    try:
        answer = client.get(asked["address"], policy=policy, etag=asked["etag"], modified=asked["modified"])
        head = {"address": answer.address, "etag": answer.etag, "modified": answer.modified}
        if answer.body is None:
            return head | {"title": "", "items": [], "is_unchanged": True}
        from mission.fetcher import feeds  # noqa: PLC0415 -- most refusals need no feed parser

        return head | feeds.read_feed(client.text_in(answer.body, answer.content_type), answer.address, policy)
    except FeedRefused as refused:
        return {"refused": refused.code}
    except (MemoryError, RecursionError):
        return {"refused": "heavy"}


if __name__ == "__main__":
    request = json.load(sys.stdin)
    policy = Policy(**request.pop("policy"))
    child_process.limit(policy.memory_bytes, policy.cpu_seconds)
    sys.stdout.write(json.dumps(serve(request, policy)))
