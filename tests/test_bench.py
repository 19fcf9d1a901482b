"""What a bench counts is what it says that it counts."""

import asyncio
from collections import Counter

from bench import flood


def test_a_hanging_request_counts_for_whoever_sent_it(monkeypatch):
    """Two visitors and one reader before a server that never answers; the fault that hangs is no request."""
    for name, value in {"LATEST": 0.3, "VISITORS": 2, "VISITOR_PAUSE": 0.05, "READER_PAUSE": 0.05}.items():
        monkeypatch.setattr(flood, name, value)

    async def fault(phase):
        await asyncio.sleep(20)

    phase = flood.Phase("silence")
    with flood.silent_relay() as port:
        asyncio.run(flood.run(phase, 0.3, [port], [("cookie", ["/bureau/"])], fault))
    assert Counter((answer.who, answer.status) for answer in phase.answers) == {("public", -1): 2, ("reader", -1): 1}
