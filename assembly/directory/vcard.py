"""One person as a vCard (RFC 2426), the version that every telephone and Outlook read."""

import re

from django.http import HttpResponse
from django.utils.text import slugify

from assembly.text.phones import format_phone

LINE = 75  # octets, the longest line of the format


def escape_value(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\r\n", "\n").replace("\n", "\\n").replace("\r", "\\n")


def fold_line(line: str) -> str:
    """Return the line cut where it is too long, never within a character."""
    parts, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LINE:
            parts.append("")
            size = 1  # the space with which the rest begins
        parts[-1] += letter
        size += width
    return "\r\n ".join(parts)


def vcard_response(
    *, last_name: str, first_name: str, organisation: str, title: str, phone: str, email: str
) -> HttpResponse:
    """Return the card as a file; a field without a value is left out."""
    full_name = f"{first_name} {last_name}".strip()
    values = {
        "N": f"{escape_value(last_name)};{escape_value(first_name)};;;",
        "FN": escape_value(full_name),
        "ORG": escape_value(organisation),
        "TITLE": escape_value(title),
        "TEL;TYPE=VOICE": escape_value(format_phone(phone)),
        "EMAIL;TYPE=INTERNET": escape_value(email),
    }
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        *(f"{name}:{value}" for name, value in values.items() if value),
        "END:VCARD",
    ]
    content = "".join(f"{fold_line(line)}\r\n" for line in lines)
    disposition = {"Content-Disposition": f'attachment; filename="{slugify(full_name) or "fiche"}.vcf"'}
    return HttpResponse(content, content_type="text/vcard; charset=utf-8", headers=disposition)
