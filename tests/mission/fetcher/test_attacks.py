"""Feeds that mean harm: none comes through, none holds its worker longer than the limit. The table is printed."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date

import pytest

from mission.fetcher import client
from mission.fetcher.fetching import SENTENCES, Fetched, fetch_feed
from mission.fetcher.policy import FeedRefused, Policy
from tests.mission.fetcher import hostile
from tests.mission.fetcher.hostile import HOST, INNER, SECRET, answer, item, redirect, repeated, rss, sent

LAUGHS = "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{former};' * 10}'>" for former, name in zip("abcdefghi", "bcdefghij", strict=True)
)
TOLD = "the fetcher read a file of this machine"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"


@pytest.fixture
def inner():
    """Start the server that must never be reached, on 127.0.0.1 and, if available, on ::1."""
    with hostile.serving(INNER, {"*": sent(answer(rss(item(SECRET))))}) as server:
        yield server


def pages(inner_port: int, file: str) -> dict[str, hostile.Handler]:
    at = f":{inner_port}/"
    scripts = (
        item("Avis &lt;script&gt;alert(1)&lt;/script&gt;rendu")
        + item(
            "<![CDATA[<img src=x onerror=alert(2)>Image]]>",
            more="<description>&lt;svg/onload=alert(3)&gt;Texte</description>",
        )
        + item("&amp;lt;script&amp;gt;alert(4)&amp;lt;/script&amp;gt;Deux fois", "javascript:alert(5)")
        + item("Fichier", f"file://{file}")
        + item("Identifiants", "https://moi:secret@exemple.fr/")
        + item("Données", "data:text/html,<script>alert(6)</script>")
    )
    return {
        "/redirect-loopback": redirect(f"http://{INNER}{at}"),
        "/redirect-metadata": redirect("http://169.254.169.254/latest/meta-data/"),
        "/redirect-ipv6": redirect(f"http://[::1]{at}"),
        "/redirect-decimal": redirect(f"http://2130706433{at}"),
        "/redirect-octal": redirect(f"http://0177.0.0.1{at}"),
        "/redirect-hexadecimal": redirect(f"http://0x7f.1{at}"),
        "/redirect-mapped": redirect(f"http://[::ffff:127.0.0.1]{at}"),
        "/redirect-nat64": redirect(f"http://[64:ff9b::7f00:1]{at}"),
        "/redirect-6to4": redirect(f"http://[2002:7f00:1::]{at}"),
        "/redirect-zero": redirect(f"http://0.0.0.0{at}"),
        "/redirect-wide-digits": redirect("http://%ef%bc%91%ef%bc%92%ef%bc%97.0.0.1" + at),
        "/redirect-name": redirect(f"http://localhost{at}"),
        "/redirect-credentials": redirect(f"http://{HOST}:80@{INNER}{at}"),
        "/redirect-backslash": redirect(f"http://{HOST}\\@{INNER}{at}"),
        "/redirect-port": redirect(f"http://{HOST}:22/"),
        "/redirect-file": redirect(f"file://{file}"),
        "/redirect-gopher": redirect(f"gopher://{INNER}{at}"),
        "/redirect-loop": redirect("/redirect-loop"),
        "/two-hundred-megabytes": repeated(HEAD + rss(), b" " * 1024 * 1024, 200),
        "/announced-huge": sent(answer(rss(), length=200 * 1024 * 1024)),
        "/endless": repeated(HEAD, b"<item/>" * 10, 1000, 0.05),
        "/endless-fast": repeated(HEAD, b"<item/>" * 10_000, 100_000),
        "/endless-chunks": repeated(CHUNKED, b"1\r\n \r\n", 10_000, 0.01),
        "/immense-chunk": sent(CHUNKED + b"ffffffffffffffff\r\n" + b" " * 100),
        "/chunk-line": repeated(CHUNKED, b"0" * 65536, 2000),
        "/gzip-bomb": sent(answer(hostile.bomb(300, 31), "Content-Encoding: gzip")),
        "/deflate-bomb": sent(answer(hostile.bomb(300, 15), "Content-Encoding: deflate")),
        "/brotli-bomb": sent(answer(hostile.brotli_bomb(100), "Content-Encoding: br")),
        "/gzip-twice": sent(answer(hostile.gzipped_twice(), "Content-Encoding: gzip, gzip")),
        "/gzip-cut": sent(answer(hostile.bomb(1, 31)[:-20], "Content-Encoding: gzip")),
        "/slow-headers": repeated(b"HTTP/1.1 200 OK\r\n", b"X", 200, 0.2),
        "/slow-body": repeated(HEAD, b" ", 200, 0.2),
        "/silent": repeated(b"", b"", 200, 0.2),
        "/continues": repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 10_000, 0.01),
        "/short": sent(answer(rss(item()), length=5000)),
        "/long": sent(answer(rss(item()), length=50)),
        "/early-close": sent(b"HTTP/1.1 200 OK\r\nContent-Type: text/xm"),
        "/http-0.9": sent(rss(item())),
        "/header-line": sent(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1024 * 1024 + b"\r\n\r\n"),
        "/many-headers": repeated(b"HTTP/1.1 200 OK\r\n", b"X-Y: " + b"x" * 60_000 + b"\r\n", 90),
        "/endless-headers": repeated(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n", 1_000_000),
        "/changing-encoding": sent(answer(rss(item("Séance")) + "é".encode("latin-1") + "é".encode("utf-16"))),
        "/utf-7": sent(answer(b"+ADw-rss version='2.0'+AD4-", "Content-Type: text/xml; charset=utf-7")),
        "/utf-16-without-mark": sent(answer(rss().decode().encode("utf-16-le"), "Content-Type: text/xml")),
        "/laughs": sent(answer(rss(item("&j;"), LAUGHS + "]>"))),
        "/quadratic": sent(answer(rss(item("&a;" * 100_000), f"<!DOCTYPE rss [<!ENTITY a '{'a' * 100_000}'>]>"))),
        "/xxe": sent(answer(rss(item("&x;"), f"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://{file}'>]>"))),
        "/xxe-parameter": sent(answer(rss(head=f"<!DOCTYPE rss [<!ENTITY % x SYSTEM 'http://{INNER}{at}'> %x;]>"))),
        "/outer-dtd": sent(answer(rss(item("&x;Un titre"), f"<!DOCTYPE rss SYSTEM 'http://{INNER}{at}'>"))),
        "/html": sent(answer(b"<html><title>Accueil</title></html>", "Content-Type: text/html")),
        "/html-as-xml": sent(answer(b"<html><title>Accueil</title></html>", "Content-Type: text/xml")),
        "/deep": sent(answer(rss("<a>" * 20_000))),
        "/scripts": sent(answer(rss(scripts))),
        "/ten-thousand": sent(answer(rss(item(more="<description>" + "mot " * 100 + "</description>") * 10_000))),
        "/nameless": sent(answer(rss("<item></item><item><link>https://exemple.fr/</link></item>" + item()))),
        "/year-9999": sent(
            answer(
                rss(
                    item("Loin", more="<pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate>")
                    + item("Jamais", more="<pubDate>Mon, 99 Foo 99999999999 99:99:99 GMT</pubDate>")
                    + item("Hier", more="<pubDate>Fri, 27 Nov 2026 08:00:00 GMT</pubDate>")
                )
            )
        ),
        "/nul": sent(answer(rss(item("N\0u\x07l &#0;\u202etxt")))),
        "/surrogate": sent(answer(rss(item("S&#xD800;")))),
        "/etag": sent(answer(rss(item()), 'ETag: "a"\r\n "folded"', "Last-Modified: " + "x" * 5000)),
        "/good": sent(answer(rss(item("Séance plénière")), 'ETag: "1"')),
    }


def nothing_hidden(found: Fetched) -> bool:
    text = json.dumps(asdict(found), default=str, ensure_ascii=False).lower()
    signs = ["<script", "<img", "<svg", "onerror", "javascript:", "file:", "data:", "secret@", "alert("]
    return not any(sign in text for sign in signs)


def scripts_gone(found: Fetched) -> bool:
    titles = ["Avis rendu", "Image", "Deux fois", "Fichier", "Identifiants", "Données"]
    links = ["https://exemple.fr/a"] * 2 + [""] * 4
    return [entry.title for entry in found.items] == titles and [entry.link for entry in found.items] == links


# What is asked for (a path of the hostile server, or an address), and the refusal, or what is true of what was read.
ATTACKS = {
    "redirect to 127.0.0.1": ("/redirect-loopback", "private"),
    "redirect to 169.254.169.254": ("/redirect-metadata", "private"),
    "redirect to [::1]": ("/redirect-ipv6", "private"),
    "redirect to a decimal IP": ("/redirect-decimal", "private"),
    "redirect to an octal IP": ("/redirect-octal", "private"),
    "redirect to a hexadecimal IP": ("/redirect-hexadecimal", "private"),
    "redirect to an IPv4 mapped in IPv6": ("/redirect-mapped", "private"),
    "redirect to a NAT64 address": ("/redirect-nat64", "private"),
    "redirect to a 6to4 address": ("/redirect-6to4", "private"),
    "redirect to 0.0.0.0": ("/redirect-zero", "private"),
    "redirect to a name of this machine": ("/redirect-name", "private"),
    "redirect to full-width digits": ("/redirect-wide-digits", "address"),
    "redirect with credentials": ("/redirect-credentials", "credentials"),
    "redirect with a backslash": ("/redirect-backslash", "address"),
    "redirect to port 22": ("/redirect-port", "port"),
    "redirect to file://": ("/redirect-file", "address"),
    "redirect to gopher://": ("/redirect-gopher", "address"),
    "redirect to itself": ("/redirect-loop", "redirects"),
    "address of this machine": ("http://127.0.0.1:{inner}/", "private"),
    "address file://": ("file://{file}", "address"),
    "feed of 200 MB": ("/two-hundred-megabytes", "large"),
    "feed that announces 200 MB": ("/announced-huge", "large"),
    "feed without end, slow": ("/endless", "slow"),
    "feed without end, fast": ("/endless-fast", "large"),
    "chunks without end": ("/endless-chunks", "slow"),
    "chunk of 2^64 bytes": ("/immense-chunk", "broken"),
    "chunk line without end": ("/chunk-line", "broken"),
    "gzip bomb": ("/gzip-bomb", "large"),
    "deflate bomb": ("/deflate-bomb", "large"),
    "brotli bomb, unasked": ("/brotli-bomb", "compression"),
    "gzip in gzip": ("/gzip-twice", "compression"),
    "gzip cut": ("/gzip-cut", "broken"),
    "headers that drip": ("/slow-headers", "slow"),
    "body that drips": ("/slow-body", "slow"),
    "silence": ("/silent", "slow"),
    "100 Continue without end": ("/continues", "slow"),
    "longer length announced": ("/short", "broken"),
    "shorter length announced": ("/long", "broken"),
    "close within the head": ("/early-close", "type"),
    "HTTP/0.9": ("/http-0.9", "broken"),
    "header line of 1 MB": ("/header-line", "broken"),
    "headers of 5 MB": ("/many-headers", "header"),
    "a million headers": ("/endless-headers", "broken"),
    "encoding that changes inside": ("/changing-encoding", "charset"),
    "UTF-7": ("/utf-7", "charset"),
    "UTF-16 without its mark": ("/utf-16-without-mark", "not_a_feed"),
    "billion laughs": ("/laughs", "entities"),
    "quadratic entity": ("/quadratic", "entities"),
    "external entity file://": ("/xxe", "entities"),
    "external parameter entity": ("/xxe-parameter", "entities"),
    "external DTD": ("/outer-dtd", lambda found: [entry.title for entry in found.items] == ["&x;Un titre"]),
    "page of the site": ("/html", "type"),
    "page of the site, said to be XML": ("/html-as-xml", "not_a_feed"),
    "twenty thousand levels": ("/deep", lambda found: found.items == []),
    "scripts in titles, summaries, links": ("/scripts", scripts_gone),
    "10,000 items": ("/ten-thousand", lambda found: len(found.items) == 200),
    "items without name": ("/nameless", lambda found: [entry.title for entry in found.items] == ["Un titre"]),
    "dates of the year 9999": (
        "/year-9999",
        lambda found: [entry.published_on for entry in found.items] == [None, None, date(2026, 11, 27)],
    ),
    "lone surrogate": ("/surrogate", "broken"),
    "NUL, reversed text": ("/nul", lambda found: found.items[0].title.isprintable()),
    "validators that break a head": ("/etag", lambda found: found.etag.isprintable() and not found.modified),
}

ENDING = 5  # what a busy machine takes to end the processes, beyond the limit itself
BOUNDS = Policy(total_seconds=2, idle_seconds=1, cpu_seconds=10)


def judged(address: str, expected, policy: Policy) -> tuple[str, bool]:
    """Return the result as one word, and whether it is the expected one."""
    try:
        found = fetch_feed(address, policy=policy)
    except FeedRefused as refused:
        return f"refused: {refused.code}", refused.code == expected
    return f"read: {len(found.items)} items", callable(expected) and expected(found) and nothing_hidden(found)


def test_no_attack_comes_through_or_holds_its_worker(inner, tmp_path, capsys):
    file = tmp_path / "secret.txt"
    file.write_text(TOLD)
    served = pages(inner.port, str(file))
    with hostile.serving(HOST, served) as server:
        policy = Policy(**asdict(BOUNDS) | {"ports": (80, server.port, inner.port), "networks": (f"{HOST}/32",)})
        control, is_right = judged(f"http://{HOST}:{server.port}/good", lambda found: len(found.items) == 1, policy)
        assert is_right, control

        def attacked(name: str) -> tuple[str, bool]:
            path, expected = ATTACKS[name]
            whole = path.format(inner=inner.port, file=file) if "://" in path else f"http://{HOST}:{server.port}{path}"
            began = time.monotonic()
            word, is_right = judged(whole, expected, policy)
            lasted = time.monotonic() - began
            line = f"{name:40} {word:24} {lasted:5.1f} s of {policy.wall_seconds:.0f}"
            return line, is_right and lasted < policy.wall_seconds + ENDING

        with ThreadPoolExecutor(4) as pool:
            told = list(pool.map(attacked, ATTACKS))
    table, wrong = [line for line, _is_right in told], [line for line, is_right in told if not is_right]
    with capsys.disabled():
        counts = f"{len(ATTACKS)} attacks, {len(wrong)} through, {inner.connections} inner connections"
        sys.stdout.write("\n".join(["", *table, counts, ""]))
    assert (wrong, inner.connections) == ([], 0)
    assert len(ATTACKS) >= 25


def test_a_feed_that_is_dear_to_read_is_ended_by_the_caps():
    deep = rss("<a>" * 500_000)
    with hostile.serving(HOST, {"/": sent(answer(deep))}) as server:
        policy = Policy(ports=(server.port,), networks=(f"{HOST}/32",), total_seconds=5, cpu_seconds=2)
        began = time.monotonic()
        with pytest.raises(FeedRefused, match="heavy|slow"):
            fetch_feed(f"http://{HOST}:{server.port}/", policy=policy)
        assert time.monotonic() - began < policy.wall_seconds + ENDING


def test_a_name_is_asked_for_once_and_its_first_answer_is_where_we_go(inner):
    """DNS rebinding: the second answer of the name server is the inner service."""
    with hostile.serving(HOST, {"/": sent(answer(rss(item()))), "/again": redirect("/")}) as server:
        policy = Policy(ports=(server.port, inner.port), networks=(f"{HOST}/32",))
        answers = iter([[HOST], [INNER], [HOST, "127.0.0.1"]])
        asked = []

        def resolve(host, port):
            asked.append(host)
            return next(answers)

        found = client.get(f"http://rebinding.example:{server.port}/", policy=policy, resolve=resolve)
        assert (found.body, asked) == (rss(item()), ["rebinding.example"])
        assert f"Host: rebinding.example:{server.port}\r\n" in server.requests[0]
        for _answer in ("the inner service", "a public address and the inner service"):
            with pytest.raises(FeedRefused, match="private"):
                client.get(f"http://rebinding.example:{inner.port}/", policy=policy, resolve=resolve)
    assert inner.connections == 0


def test_a_redirected_name_is_asked_for_again_and_judged_again(inner):
    with hostile.serving(HOST, {"*": redirect("/again")}) as server:
        policy = Policy(ports=(server.port, inner.port), networks=(f"{HOST}/32",))
        answers = iter([[HOST], [INNER]])
        with pytest.raises(FeedRefused, match="private"):
            client.get(f"http://a.example:{server.port}/", policy=policy, resolve=lambda host, port: next(answers))
    assert inner.connections == 0


def test_a_certificate_of_another_name_is_refused_and_the_right_one_is_asked_by_name(tmp_path):
    context, authority = hostile.certificate(tmp_path, "feeds.example", "127.0.0.9")
    served = {"/": sent(answer(rss(item()))), "/down": redirect("http://feeds.example/")}
    with hostile.serving(HOST, served, context) as server:
        believed = Policy(ports=(80, server.port), networks=(f"{HOST}/32",), authority=authority)
        stranger = Policy(ports=(80, server.port), networks=(f"{HOST}/32",))

        def get(host, policy, path="/"):
            return client.get(f"https://{host}:{server.port}{path}", policy=policy, resolve=lambda host, port: [HOST])

        assert get("feeds.example", believed).body == rss(item())
        for host, policy in [("other.example", believed), (HOST, believed), ("feeds.example", stranger)]:
            with pytest.raises(FeedRefused, match="certificate"):
                get(host, policy)
        with pytest.raises(FeedRefused, match="downgrade"):
            get("feeds.example", believed, "/down")


def test_proxies_of_the_environment_are_ignored(inner, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{INNER}:{inner.port}")
    with hostile.serving(HOST, {"/": sent(answer(rss(item())))}) as server:
        policy = Policy(ports=(server.port,), networks=(f"{HOST}/32",))
        assert client.get(f"http://{HOST}:{server.port}/", policy=policy).body == rss(item())
    assert inner.connections == 0


def test_what_did_not_change_is_not_sent_again():
    """ETag and Last-Modified go back; who we are is said."""
    with hostile.serving(HOST, {"/": sent(answer(b"", status="304 Not Modified"))}) as server:
        policy = Policy(ports=(server.port,), networks=(f"{HOST}/32",))
        found = fetch_feed(f"http://{HOST}:{server.port}/", etag='"abc"', modified="Fri, 27 Nov 2026", policy=policy)
        assert (found.is_unchanged, found.items) == (True, [])
        lines = server.requests[0].split("\r\n")
        assert 'If-None-Match: "abc"' in lines
        assert "If-Modified-Since: Fri, 27 Nov 2026" in lines
        assert "User-Agent: Hemicycle (veille ; +http://localhost:8000)" in lines
        assert not any(line.startswith(("Cookie", "Authorization", "Referer")) for line in lines)


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        (rss(item("Séance")), "application/rss+xml", "Séance"),
        (rss(item("Séance")).decode().encode("latin-1"), "text/xml; charset=ISO-8859-1", "Séance"),
        (
            b'<?xml version="1.0" encoding="windows-1252"?>' + rss(item("L’été")).decode()[21:].encode("cp1252"),
            "text/xml",
            "L’été",
        ),
        (("\ufeff" + rss(item("Séance")).decode()).encode("utf-16-le"), "text/xml", "Séance"),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><title>V</title><entry><title type="html">'
            b'&lt;b&gt;Avis&lt;/b&gt; 3</title><link href="/avis/3"/></entry></feed>',
            "application/atom+xml",
            "Avis 3",
        ),
    ],
    ids=["rss", "latin-1", "cp1252", "utf-16", "atom"],
)
def test_feeds_as_they_are_met_are_read(body, content_type, title):
    with hostile.serving(HOST, {"/": sent(answer(body, f"Content-Type: {content_type}"))}) as server:
        policy = Policy(ports=(server.port,), networks=(f"{HOST}/32",))
        found = fetch_feed(f"http://{HOST}:{server.port}/", policy=policy)
    assert [entry.title for entry in found.items] == [title]


def test_each_refusal_has_its_sentence():
    codes = {expected for _path, expected in ATTACKS.values() if isinstance(expected, str)}
    others = {"certificate", "downgrade", "gone", "heavy", "status", "unknown_host"}
    assert set(SENTENCES) == codes | others
