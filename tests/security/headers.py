"""What every answer carries, on every route, by every method, signed in or not, found or refused."""

from django.http.response import HttpResponseBase

PRIVATE = ("/espace/", "/bureau/", "/instructions/", "/compte/", "/salle/")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": {"'self'"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
}

# The mail of a developer's machine as a mail program shows it: styles of its own, in a sandbox (views/mailbox.py).
SANDBOXED = {"notifications:mailbox-html"}
# Cards that other sites show in a frame (assembly/web/framing.py); tests/assembly/web/test_framing.py checks them.
FRAMED = {"answers:thread-card", "portal:assembly-card"}


def header_faults(response: HttpResponseBase, path: str, *, signed_in: bool) -> list[str]:
    """Return the headers that are missing or too permissive, each in a few words."""
    found = [
        f"{name}: {response.headers.get(name)!r}"
        for name, value in ALWAYS.items()
        if response.headers.get(name) != value
    ]
    policy = {
        words[0]: set(words[1:])
        for part in response.headers.get("Content-Security-Policy", "").split(";")
        if (words := part.split())
    }
    is_file = "sandbox" in policy or response.headers.get("Content-Type") == "application/pdf"
    if not (is_file and policy.get("default-src") == {"'none'"}):  # a file is given with a stricter policy
        found += [f"{name}: {policy.get(name)}" for name, value in POLICY.items() if policy.get(name) != value]
    if {"'unsafe-inline'", "'unsafe-eval'"} & {word for words in policy.values() for word in words}:
        found.append("unsafe policy")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    if not response.headers.get("X-Request-ID"):
        found.append("no request id")
    if path.startswith(PRIVATE) and "no-store" not in response.headers.get("Cache-Control", ""):
        found.append("a private page may be stored")
    if path.startswith(PRIVATE) and signed_in and "public" in response.headers.get("Cache-Control", ""):
        found.append("a page of a signed-in reader is public")
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
        found.append(f"content type {kind!r}")
    for cookie in response.cookies.values():
        if not cookie["httponly"] or cookie["samesite"] != "Lax":
            found.append(f"cookie {cookie.key}")
    return found
