"""How long a text of many updates takes to open, to be compacted, to be rebuilt from its rows alone.

    .venv/bin/python bench/text_log.py [--updates 100000] [--quick]

Twenty people in turn, one key per update, one in seven takes a character back. Each time is the median of five.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.coediting import setup
from bench.environment import open_environment
from bench.report import print_report, say

AUTHORS, PARAGRAPHS, AT_ONCE, TIMES = 20, 60, 5000, 5


def typed(count: int) -> list[bytes]:
    """Return the updates of a long session, as the editor sends them."""
    from pycrdt import Doc, XmlElement, XmlFragment, XmlText  # noqa: PLC0415 -- as in every bench

    updates: list[bytes] = []
    doc: Doc[Any] = Doc()
    root = doc.get("default", type=XmlFragment)
    doc.observe(lambda event: updates.append(event.update))
    for number in range(PARAGRAPHS):
        root.children.append(XmlElement("paragraph", {}, [XmlText(f"Paragraphe {number}")]))
    texts = [block.children[0] for block in root.children]
    while len(updates) < count:
        text = random.choice(texts)
        position = random.randrange(len(text))
        if random.random() < 1 / 7 and len(text) > 1:
            del text[position : position + 1]
        else:
            text.insert(position, random.choice("abcdefghij "))
    return updates


def median_ms(work: Callable[[], Any]) -> float:
    """Return the milliseconds that the work takes, as the median of a few times."""
    times = []
    for _time in range(TIMES):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return round(statistics.median(times), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="ten thousand updates, on the data of the last run")
    options = parser.parse_args()
    count = 10_000 if options.quick else options.updates
    began = os.getloadavg()[0]
    with open_environment("text_log", {}, keep=options.quick):
        from assembly.collab.actions import upkeep  # noqa: PLC0415 -- Django is set up by now
        from assembly.collab.engine.copy import load  # noqa: PLC0415 -- see above
        from assembly.collab.models import SharedText, Snapshot, Update  # noqa: PLC0415 -- see above

        setup.delete_rows()
        people = setup.create_people(AUTHORS, 0)
        text = people["text"]
        say(f"{count} updates…")
        updates, users = typed(count), people["users"]
        rows = (
            Update(text=text, seq=seq, data=data, author_id=users[seq % AUTHORS], kind="live")
            for seq, data in enumerate(updates, text.last_seq + 1)
        )
        Update.objects.bulk_create(rows, batch_size=AT_ONCE)
        text.last_seq += count
        text.save(update_fields=["last_seq"])
        figures: dict[str, Any] = {"updates": count, "log_mb": round(sum(map(len, updates)) / 1e6, 2)}
        figures["open_without_snapshot_ms"] = median_ms(lambda: load(text.pk))
        start = time.perf_counter()
        upkeep.compact(SharedText.objects.get(pk=text.pk))
        figures["compaction_ms"] = round(1000 * (time.perf_counter() - start), 1)
        figures["snapshot_kb"] = round(len(Snapshot.objects.get(text=text).data) / 1000, 1)
        figures["open_ms"] = median_ms(lambda: load(text.pk))
        figures["rebuilt_from_rows_is_equal"] = load(text.pk, from_rows=True).tree == load(text.pk).tree
    print_report("text_log", figures, packages=("django", "pycrdt"), load=began)


if __name__ == "__main__":
    main()
