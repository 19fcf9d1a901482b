"""Measures the minutes' PDF: the product's own template, tagging, fonts, fields, embedded data, re-pack and seal.

    .venv/bin/python bench/pdf.py [--quick]

Real minutes of 4, 20 and 90 pages: an attendance table of 108, ballots, nested lists, tables, links; length is reached
by more items, never by larger type. CPU seconds are the user and system time of the rendering process
(`assembly.documents.pdf.child`) from the request to its answer, hot: the process has made one short document before
(modules, fonts and sheets are read), and nothing of a document is kept for the next. Each figure is the median of its
rounds; the peak is of the process that made that length. The validated file is B-LTA, the slowest kind to check.
`documents_per_s`: short minutes laid out and sealed by two worker processes.
"""

import argparse
import copy
import io
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.house import open_house
from bench.report import ROOT, print_report, say

KEYS = ROOT / ".local" / "bench" / "pdf" / "keys"
PASSWORD = "test"  # noqa: S105 -- of the test PKI, made anew for each run
TICKS = os.sysconf("SC_CLK_TCK")
ROUNDS = 5
QUICK_ROUNDS = {"4p": 3, "20p": 2, "90p": 1}
LENGTHS = {"4p": 4, "20p": 20, "90p": 90}


def real_minutes() -> Any:
    """Minutes of a plenary of 108, as an officer leaves them."""
    from tests.people import People  # noqa: PLC0415 -- Django is set up only now
    from tests.sessions.written_minutes import written_minutes  # noqa: PLC0415 -- Django is set up only now

    return written_minutes(People(), members=108)


def longer(told: dict[str, Any], items: int) -> dict[str, Any]:
    """The same minutes with this many items, each numbered in turn."""
    told = copy.deepcopy(told)
    models = told["items"]
    told["items"] = []
    for number in range(1, items + 1):
        item = copy.deepcopy(models[(number - 1) % len(models)])
        if "number" in item:
            item["number"] = type(item["number"])(number)
        told["items"].append(item)
    return told


def pages_of(pdf: bytes) -> int:
    import pikepdf  # noqa: PLC0415 -- Django is set up only now

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


class Press:
    """What the rendering process has spent."""

    def __init__(self) -> None:
        from assembly.documents.pdf import render  # noqa: PLC0415 -- Django is set up only now

        self.module = render

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.module.RENDER_PROCESS.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mb(self) -> float:
        status = Path(f"/proc/{self.module.RENDER_PROCESS.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def render(self, source: Any) -> tuple[bytes, float]:
        before = self.cpu()
        pdf = self.module.render(source)
        return pdf, self.cpu() - before

    def restart(self) -> None:
        self.module.RENDER_PROCESS.stop()


def source_of(minutes: Any, told: dict[str, Any]) -> Any:
    from sessions.documents.minutes import page  # noqa: PLC0415 -- Django is set up only now

    return page(minutes, told, "sessions/pdf/minutes.html")


def items_for(press: Press, minutes: Any, told: dict[str, Any]) -> dict[str, int]:
    """How many items make each length: the attendance table takes some pages, then every item as much as another."""
    few, many = 3, 120
    short, tall = (pages_of(press.render(source_of(minutes, longer(told, items)))[0]) for items in (few, many))
    a_page = (many - few) / (tall - short)
    return {name: max(round(few + (pages - short) * a_page), 1) for name, pages in LENGTHS.items()}


def seal_ms(pdf: bytes, rounds: int) -> float:
    from assembly.documents.seal import sealing  # noqa: PLC0415 -- Django is set up only now

    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        sealing.seal_pdf(pdf)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def validate_cpu(sealed: bytes) -> float:
    """CPU of reading a sealed file in its own process."""
    from assembly.documents.seal import checking  # noqa: PLC0415 -- Django is set up only now

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(sealed)
        file.flush()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        report = checking.check_seals(Path(file.name), KEYS / "root.pem")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not all(row["accepted"] for row in report["signatures"]):
        raise SystemExit(f"the sealed file is not valid: {report}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def prepare_worker() -> None:
    import django  # noqa: PLC0415 -- Django is set up only now

    django.setup()


def make_one(source: Any) -> int:
    from assembly.documents.pdf.render import render  # noqa: PLC0415 -- Django is set up only now
    from assembly.documents.seal import sealing  # noqa: PLC0415 -- Django is set up only now

    return len(sealing.seal_pdf(render(source)).content)


def throughput(source: Any, documents: int) -> float:
    """Documents a second, two processes, warm."""
    with multiprocessing.get_context("spawn").Pool(2, prepare_worker) as pool:
        pool.map(make_one, [source] * 4, chunksize=1)
        start = time.perf_counter()
        pool.map(make_one, [source] * documents, chunksize=1)
        return documents / (time.perf_counter() - start)


def measure(stamper: Any, quick: bool) -> dict[str, Any]:
    from assembly.documents.seal import sealing  # noqa: PLC0415 -- Django is set up only now
    from sessions.queries.minutes_facts import minutes_facts  # noqa: PLC0415 -- Django is set up only now

    press = Press()
    minutes = real_minutes()
    told = minutes_facts(minutes)
    figures: dict[str, Any] = {}
    press.module.render(source_of(minutes, told))
    wanted = items_for(press, minutes, told)
    sources = {name: source_of(minutes, longer(told, items)) for name, items in wanted.items()}
    pdf = b""
    for name in LENGTHS:
        press.restart()
        press.module.render(sources["4p"])
        spent = []
        for _round in range(QUICK_ROUNDS[name] if quick else ROUNDS):
            pdf, cpu = press.render(sources[name])
            spent.append(cpu)
        figures[f"pages_{name}"] = pages_of(pdf)
        figures[f"cpu_s_{name}"] = round(statistics.median(spent), 3)
        figures[f"peak_mb_{name}"] = round(press.peak_mb())
        figures[f"kb_{name}"] = round(len(pdf) / 1024)
        say(f"{figures[f'pages_{name}']} pages: {figures[f'cpu_s_{name}']} s, {figures[f'peak_mb_{name}']} MB")
    figures["seal_ms"] = round(seal_ms(pdf, 3 if quick else 15))
    lasting = sealing.seal_pdf(pdf, authority=stamper).content
    figures["validate_cpu_s_90p"] = round(validate_cpu(lasting), 2)
    figures["documents_per_s"] = round(throughput(sources["4p"], 6 if quick else 60), 2)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ends within 50 seconds")
    quick = parser.parse_args().quick
    load = os.getloadavg()[0]
    environment = {
        "SEAL_P12_FILE": str(KEYS / "seal.p12"),
        "SEAL_P12_PASSWORD": PASSWORD,
        "SEAL_TRUST_FILE": str(KEYS / "root.pem"),
        "TSA_URL": "http://127.0.0.1:1/only-for-the-field-of-the-timestamp",
    }
    with open_house("pdf", environment):
        from tests.assembly.documents.seal import authority  # noqa: PLC0415 -- Django is set up only now

        KEYS.mkdir(parents=True)
        figures = measure(authority.make(KEYS).stamper, quick)
    print_report("pdf", figures, packages=("weasyprint", "pyhanko", "pikepdf"), load=load)


if __name__ == "__main__":
    main()
