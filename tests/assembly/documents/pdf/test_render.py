"""Real files judged by real veraPDF: both standards at once, the same bytes twice, nothing from outside."""

import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pikepdf
import pytest

from assembly.documents.pdf import render as rendering, wire
from assembly.documents.pdf.render import RenderFailed, render
from assembly.documents.pdf.sanitizer import clean_html
from assembly.documents.pdf.source import Enclosure
from assembly.text import typefaces
from assembly.text.printable import UnprintableText, clean_text
from tests import verapdf
from tests.assembly.documents.pages import long_source, page, source

CONFORMS = {"3a": [], "ua1": []}


@pytest.fixture
def judge(tmp_path):
    def verdict(pdf):
        path = tmp_path / "judged.pdf"
        path.write_bytes(pdf)
        return verapdf.verdicts(path)

    return verdict


def test_an_untagged_file_fails_both_standards(judge):
    bare = pikepdf.new()
    bare.add_blank_page()
    output = io.BytesIO()
    bare.save(output)
    verdict = judge(output.getvalue())
    assert verdict["3a"]
    assert verdict["ua1"]


@pytest.mark.parametrize("items", [1, 4, 20])
def test_documents_of_every_length_conform(judge, items):
    assert judge(render(long_source(items))) == CONFORMS


def test_without_seal_and_with_timestamp_field(judge):
    assert judge(render(source("<p>x</p>", seal=False))) == CONFORMS
    assert judge(render(source("<p>x</p>", timestamp=True))) == CONFORMS


PASTED = {
    "list items outside": "<li>a<li>b",
    "paragraphs in items": "<ul>t<p>p</p><li><p>a</p><p>b</p><ul><li><p>c</p></li></ul></li></ul>",
    "blocks in items": "<ul><li><h2>t</h2><p>x</p></li><li><blockquote>q</blockquote></li></ul>",
    "tables in items": "<ul><li><table><tr><td>a</table></li><li>x<p>y</p>z</li></ul>",
    "item over two pages": "<ol>" + f"<li><p>{'mot ' * 900}</p><p>b</p></li>" * 3 + "</ol>",
    "ragged table": "<table><tr><td>1<td>2<td>3<tr><td>1<tr><th rowspan=9>h<td colspan=9>x</table>",
    "spans": "<table><thead><tr><th rowspan=2>A<th colspan=2>B<tr><th>b<th>c<tbody><tr><th rowspan=3>r<td>1</table>",
    "two heads": "<table><caption>a</caption><thead><tr><th>A<thead><tr><th>B<tfoot><tr><td>x</table>",
    "table over pages": "<table><caption>c</caption><thead><tr><th>A<th>B</thead>"
    + "<tr><td>x<td>y" * 120
    + "</table>",
    "table in table": "<table><tr><td><table><tr><td>in</table><td>x</table>",
    "headings": "<h1>a</h1><h4>b</h4><h2>c</h2><h6>d</h6>",
    "links": '<p><a href="https://a.fr">x</a></p><a href="https://c.fr"><p>bloc</p></a>',
    "quote": "<blockquote>nu<p>p</p><ul><li>x</ul></blockquote>nu <b>gras <i>et italique</i></b>",
    "marks": "<p>1<sup>er</sup> H<sub>2</sub>O <u>u</u> <s>s</s> <ins>i</ins> <del>d</del> x\u0302</p>",
}


def test_whatever_people_paste_conforms(judge):
    verdicts = {name: judge(render(source("<h2>Riche</h2>" + clean_html(rich)))) for name, rich in PASTED.items()}
    assert verdicts == dict.fromkeys(PASTED, CONFORMS)


def test_every_character_that_passes_the_gate_prints(judge):
    letters = [chr(code) for code in sorted(typefaces.printable())]
    kept = " ".join(letter for letter in letters if clean_text(letter) == letter and letter not in "<>&")
    assert judge(render(source(f"<p>a{kept}</p><p><b>a{kept}</b></p><p><i>a{kept}</i></p>"))) == CONFORMS


def test_same_source_same_bytes():
    first = render(long_source(3))
    rendering.RENDER_PROCESS.stop()
    assert render(long_source(3)) == first


def test_the_file_says_what_it_is():
    pdf = pikepdf.open(io.BytesIO(render(source("<p>x</p>", author="Assemblée citoyenne"))))
    fields = [(str(field.T), str(field.FT), "/V" in field) for field in pdf.Root.AcroForm.Fields]
    assert (str(pdf.docinfo["/Title"]), str(pdf.docinfo["/Subject"]), fields, int(pdf.Root.AcroForm.SigFlags)) == (
        "Compte rendu de la séance",
        "AC2-2026-CR-02",
        [("cachet", "/Sig", False)],
        1,
    )


def test_data_and_files_travel_inside():
    enclosed = Enclosure("annexe.csv", b"a;b\n", "Annexe", "Supplement")
    pdf = pikepdf.open(io.BytesIO(render(source("<p>x</p>", attachments=[enclosed]))))
    assert pdf.attachments["donnees.json"].get_file().read_bytes() == '{"présents":91,"séance":"plénière"}'.encode()
    assert pdf.attachments["annexe.csv"].get_file().read_bytes() == b"a;b\n"
    assert json.loads(pdf.attachments["donnees.json"].get_file().read_bytes())["présents"] == 91


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="x">',
        "<style>p{background:url(http://127.0.0.1:9/x)}</style><p>x</p>",
        "<style>p::before{content:url(file:///etc/passwd)}</style><p>x</p>",
        '<style>@import "http://127.0.0.1:9/x.css";</style><p>x</p>',
        "<style>@font-face{font-family:x;src:url(file:///etc/passwd)}p{font-family:x}</style><p>x</p>",
        '<link rel="attachment" href="file:///etc/passwd"><p>x</p>',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>x</p>',
        '<base href="http://127.0.0.1:9/"><img src="x.png" alt="x">',
        '<svg viewBox="0 0 1 1"><title>x</title><image href="file:///etc/passwd" width="1" height="1"/></svg>',
        '<object data="file:///etc/passwd">x</object><embed src="http://127.0.0.1:9/x">',
        '<img src="asset:inconnu.png" alt="x">',
    ],
)
def test_nothing_comes_from_outside(hostile):
    with pytest.raises(RenderFailed) as failure:
        render(source(hostile))
    assert failure.value.code == "refused"
    assert failure.value.sentence.startswith("Ce document appelle")


def test_a_field_that_nobody_announced_is_refused():
    with pytest.raises(RenderFailed, match="WrongFields"):
        render(source("<input name='president' title='Présidente'>"))
    with pytest.raises(RenderFailed, match="WrongFields"):
        render(source("<p>x</p>", html=page(seal=False)))


def test_an_unprintable_word_never_reaches_the_press():
    with pytest.raises(UnprintableText):
        render(source("<p>&#x1F600;</p>"))
    with pytest.raises(UnprintableText):
        render(source(title="Séance 🎉"))


def test_too_long_a_page_is_refused():
    with pytest.raises(RenderFailed) as failure:
        render(source("<p>" + "a" * 4_100_000 + "</p>"))
    assert failure.value.sentence == "Ce document est trop long : coupez-le en plusieurs parties."


def test_the_press_knows_no_secret_and_starts_again_when_killed():
    render(source("<p>x</p>"))
    process = rendering.RENDER_PROCESS.process
    environment = pathlib.Path(f"/proc/{process.pid}/environ").read_text()
    assert "SECRET_KEY" not in environment
    assert "DATABASE_URL" not in environment
    os.kill(process.pid, 9)
    process.wait()
    assert render(source("<p>x</p>")).startswith(b"%PDF-1.7")


def spent(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def kill_at_work(process):
    """Kill a PDF worker after three tenths of a second of processor time, while it computes the layout."""
    before = spent(process.pid)
    while spent(process.pid) < before + 30:
        time.sleep(0.01)
    process.kill()


def test_a_press_killed_in_the_middle_says_so_and_the_next_document_prints():
    """A press of its own: one that has made its last document would be replaced before it is killed."""
    heavy = long_source(60)
    rendering.RENDER_PROCESS.stop()
    render(source("<p>x</p>"))
    victim = rendering.RENDER_PROCESS.process
    killer = threading.Thread(target=kill_at_work, args=(victim,))
    killer.start()
    with pytest.raises(RenderFailed):
        render(heavy)
    killer.join()
    assert render(source("<p>x</p>")).startswith(b"%PDF-1.7")


def test_the_press_outlives_the_thread_that_started_it():
    """Each web request has a thread of its own; the press is kept for the next one."""
    rendering.RENDER_PROCESS.stop()
    thread = threading.Thread(target=render, args=(source("<p>x</p>"),))
    thread.start()
    thread.join()
    started = rendering.RENDER_PROCESS.process
    time.sleep(0.1)
    render(source("<p>y</p>"))
    assert rendering.RENDER_PROCESS.process is started


def test_a_press_begun_beforehand_makes_the_first_document():
    own = rendering.RenderProcess()
    own.begin()
    begun = own.process
    assert own.served == 0
    assert own.ask(wire.source_json(rendering.checked(source("<p>x</p>"))))[:1] == wire.DONE
    assert own.process is begun
    assert own.served == 1
    own.stop()


def test_the_press_ends_with_its_parent():
    command = (
        "import os, sys; from assembly.documents.pdf.render import RENDER_PROCESS; RENDER_PROCESS._start();"
        "sys.stdout.write(str(RENDER_PROCESS.process.pid)); sys.stdout.flush(); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    end = time.monotonic() + 20
    while pathlib.Path(f"/proc/{done.stdout}").exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not pathlib.Path(f"/proc/{done.stdout}").exists()


def test_ctrl_c_in_a_terminal_is_for_the_owner_alone():
    """The terminal sends it to the whole foreground group: the press said a traceback over the end of `./run`."""
    owner = (
        "import signal, sys\n"
        "from assembly.documents.pdf.render import RENDER_PROCESS\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(0))\n"
        "RENDER_PROCESS._start()\n"
        "print('ready', flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", owner],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(3)  # the press has loaded its engine and waits for a source
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert said == ""
