"""What the PDF of minutes costs: the product’s own template, tagging, fonts, fields, embedded data, re-pack and seal.

    .venv/bin/python bench/pdf.py [--quick]

Real minutes of 4, 20 and 90 pages: an attendance table of 108, ballots, nested lists, tables, links; length is reached
by more items, never by larger type. CPU seconds are the processor time of the rendering process
(`assembly.documents.pdf.child`) from the request to its response, hot: the process has made one short document before
(modules, fonts and sheets are read), and nothing of a document is cached for the next; `cold`: its first document,
from the start of the process. `weasyprint_ratio`: over WeasyPrint alone (`bench/plain_weasyprint.py`), document by
document in turn. Each figure is the median of its rounds; the peak is of the process that made that length. The
validated file is B-LTA, the slowest kind to check. `documents_per_s`: short minutes laid out and sealed by two worker
processes.
"""

import argparse
import copy
import io
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.environment import open_environment
from bench.report import ROOT, print_report, say
from bench.server import cpu_of, ratio

KEYS = ROOT / ".local" / "bench" / "pdf" / "keys"
PASSWORD = "test"  # noqa: S105 -- of the test PKI, made anew for each run
ROUNDS = 5
QUICK_ROUNDS = {"4p": 3, "20p": 2, "90p": 1}
LENGTHS = {"4p": 4, "20p": 20, "90p": 90}


def real_minutes() -> Any:
    """Return minutes of a plenary of 108, as an officer leaves them."""
    from tests.people import People  # noqa: PLC0415 -- Django is set up only now
    from tests.sessions.minutes.written_minutes import written_minutes  # noqa: PLC0415 -- Django is set up only now

    return written_minutes(People(), members=108)


def longer(facts: dict[str, Any], items: int) -> dict[str, Any]:
    """Return the same minutes with this many items, each numbered in turn."""
    facts = copy.deepcopy(facts)
    models = facts["items"]
    facts["items"] = []
    for number in range(1, items + 1):
        item = copy.deepcopy(models[(number - 1) % len(models)])
        if "number" in item:
            item["number"] = type(item["number"])(number)
        facts["items"].append(item)
    return facts


def pages_of(pdf: bytes) -> int:
    import pikepdf  # noqa: PLC0415 -- Django is set up only now

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


class RenderProcess:
    """The product’s rendering process, with what it has spent."""

    def __init__(self) -> None:
        from assembly.documents.pdf import render  # noqa: PLC0415 -- Django is set up only now

        self.module = render

    @property
    def process(self) -> Any:
        return self.module.RENDER_PROCESS.process

    def peak_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def make(self, source: Any) -> bytes:
        return self.module.render(source)

    def render(self, source: Any) -> tuple[bytes, float]:
        """Return a document and its processor seconds."""
        before = cpu_of(self.process.pid)
        pdf = self.make(source)
        return pdf, cpu_of(self.process.pid) - before

    def restart(self) -> None:
        self.module.RENDER_PROCESS.stop()


class PlainRenderProcess(RenderProcess):
    """WeasyPrint alone, in a process of the same kind."""

    process: Any = None

    def make(self, source: Any) -> bytes:
        from assembly.documents.pdf import wire  # noqa: PLC0415 -- Django is set up only now
        from assembly.files import child_process  # noqa: PLC0415 -- see above

        if self.process is None:
            own = {"FONTCONFIG_FILE": str(self.module.HERE / "fonts.conf"), "PYTHONHASHSEED": "0"}
            command = [sys.executable, "-W", "ignore:No fonts configured", "-m", "bench.plain_weasyprint"]
            environ = child_process.environment() | own
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        wire.send_message(self.process.stdin, wire.source_json(self.module.checked(source)))
        return wire.receive_message(self.process.stdout)

    def restart(self) -> None:
        if self.process:
            self.process.stdin.close()
            self.process.wait(20)
        self.process = None


def source_of(minutes: Any, facts: dict[str, Any]) -> Any:
    from sessions.minutes.documents import page  # noqa: PLC0415 -- Django is set up only now

    return page(minutes, facts, "sessions/minutes/pdf/minutes.html")


def items_for(renderer: RenderProcess, minutes: Any, facts: dict[str, Any], many: int) -> dict[str, int]:
    """Return how many items make each length.

    The attendance table takes some pages, then every item as much as another.
    """
    few = 3
    short, tall = (pages_of(renderer.make(source_of(minutes, longer(facts, items)))) for items in (few, many))
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
    """Return the CPU seconds of reading a sealed file in a process of its own."""
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
    """Return the documents per second of two warm processes."""
    with multiprocessing.get_context("spawn").Pool(2, prepare_worker) as pool:
        pool.map(make_one, [source] * 4, chunksize=1)
        start = time.perf_counter()
        pool.map(make_one, [source] * documents, chunksize=1)
        return documents / (time.perf_counter() - start)


def cold(renderer: RenderProcess, source: Any, rounds: int) -> dict[str, float]:
    """Return the cost of the first document of a process, from its start: on the clock, and of the processor."""
    seconds, cpu = [], []
    for _round in range(rounds):
        renderer.restart()
        start = time.perf_counter()
        renderer.make(source)
        seconds.append(time.perf_counter() - start)
        cpu.append(cpu_of(renderer.process.pid))
    return {"cold_s_4p": round(statistics.median(seconds), 2), "cold_cpu_s_4p": round(statistics.median(cpu), 2)}


def lay_out(sources: dict[str, Any], rounds: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Return the figures of each length, ours and WeasyPrint’s in turn, and the longest file."""
    renderer, plain = RenderProcess(), PlainRenderProcess()
    figures: dict[str, Any] = cold(renderer, sources["4p"], rounds["90p"])
    plain.make(sources["4p"])
    pdf = b""
    for name in LENGTHS:
        renderer.restart()
        renderer.make(sources["4p"])
        spent, spent_plainly = [], []
        for _round in range(rounds[name]):
            pdf, cpu = renderer.render(sources[name])
            spent.append(cpu)
            spent_plainly.append(plain.render(sources[name])[1])
        figures[f"pages_{name}"] = pages_of(pdf)
        figures[f"cpu_s_{name}"] = round(statistics.median(spent), 3)
        figures[f"weasyprint_ratio_{name}"] = ratio(statistics.median(spent), statistics.median(spent_plainly))
        figures[f"peak_mb_{name}"] = round(renderer.peak_mb())
        figures[f"kb_{name}"] = round(len(pdf) / 1024)
        say(f"{ {key: value for key, value in figures.items() if key.endswith(name)} }")
    plain.restart()
    return figures, pdf


def measure(stamper: Any, quick: bool) -> dict[str, Any]:
    from assembly.documents.seal import sealing  # noqa: PLC0415 -- Django is set up only now
    from sessions.minutes.queries.facts import minutes_facts  # noqa: PLC0415 -- Django is set up only now

    minutes = real_minutes()
    facts = minutes_facts(minutes)
    item_counts = items_for(RenderProcess(), minutes, facts, 60 if quick else 120)
    sources = {name: source_of(minutes, longer(facts, items)) for name, items in item_counts.items()}
    figures, pdf = lay_out(sources, QUICK_ROUNDS if quick else dict.fromkeys(LENGTHS, ROUNDS))
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
    with open_environment("pdf", environment):
        from tests.assembly.documents.seal import authority  # noqa: PLC0415 -- Django is set up only now

        KEYS.mkdir(parents=True)
        figures = measure(authority.make(KEYS).stamper, quick)
    print_report("pdf", figures, packages=("weasyprint", "pyhanko", "pikepdf"), load=load)


if __name__ == "__main__":
    main()
