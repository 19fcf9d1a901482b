"""Sealing in the seal's field: PAdES B-B alone, B-LTA with a time-stamping authority, never a silent fallback.

Modules that need it import it where they use it: pyHanko and fontTools take 0.7 s to load.
"""

import asyncio
import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, Signer
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.stamp import TextStampStyle

from assembly.documents.pdf.source import SEAL_FIELD, TIMESTAMP_FIELD
from assembly.documents.seal import backends, trust
from assembly.documents.seal.interface import (
    ARCHIVAL,
    BASIC,
    SealedBytes,
    SealRefused,
    SealUnavailable,
    TimestampUnavailable,
)
from assembly.text import typefaces

DIGEST = "sha256"
STAMP_SIZE = 7
TSA_SECONDS = 10


class StampFont(FontEngineFactory):
    """Source Sans 3 from memory: the library's own factory leaves its file open."""

    def create_font_engine(self, writer: Any, obj_stream: Any = None) -> GlyphAccumulator:
        objects = obj_stream or (writer.prepare_object_stream() if writer.stream_xrefs else None)
        return GlyphAccumulator(writer, io.BytesIO(_font_bytes()), font_size=STAMP_SIZE, obj_stream=objects)


@cache
def _font_bytes() -> bytes:
    """Return the font without its ligature and kerning tables: parsing them took 0.24 of the 0.26 s of a stamp."""
    slim = io.BytesIO()
    with TTFont(typefaces.REGULAR.path) as font:
        for table in ("GSUB", "GPOS", "GDEF"):
            if table in font:
                del font[table]
        font.save(slim)
    return slim.getvalue()


@cache
def stamp_style() -> TextStampStyle:
    """Return the style of the stamp's text, in an embedded font: the usual one is not, and breaks both standards."""
    layout = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MID, margins=Margins(2, 2, 2, 2))
    return TextStampStyle(
        stamp_text="%(signer)s\n%(moment)s",
        border_width=0,
        background_opacity=0,
        text_box_style=TextBoxStyle(font=StampFont(), font_size=STAMP_SIZE, border_width=0, box_layout_rule=layout),
    )


def timestamper() -> TimeStamper | None:
    """Return the configured authority, if any."""
    if not settings.TSA_URL:
        return None
    return HTTPTimeStamper(settings.TSA_URL, timeout=TSA_SECONDS)  # type: ignore[no-untyped-call]  # -- the library gives no types


def _validation_context() -> Any:
    """Return the context for the proofs inside a B-LTA file: revocation data is required, fetched where missing."""
    return trust.validation_context(Path(settings.SEAL_TRUST_FILE), fetch=not settings.LOCAL, required=True)


def seal_pdf(pdf: bytes, *, by: Signer | None = None, authority: TimeStamper | None = None) -> SealedBytes:
    """Certify a document: its field `cachet` is filled, later changes other than timestamps are forbidden.

    With a time-stamping authority the result is B-LTA; when it does not answer, TimestampUnavailable is raised. A
    certificate that has ended seals nothing: SealRefused.
    """
    signer = by or backends.signer()
    now = timezone.now()
    _check_term(signer, now)
    lasting = authority is not None
    metadata = PdfSignatureMetadata(
        field_name=SEAL_FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        embed_validation_info=lasting,
        use_pades_lta=lasting,
        timestamp_field_name=TIMESTAMP_FIELD if lasting else None,
        validation_context=_validation_context() if lasting else None,
    )
    output = io.BytesIO()
    moment = _("Scellé le %(moment)s") % {"moment": date_format(timezone.localtime(now), "j F Y à H \\h i")}
    try:
        PdfSigner(metadata, signer, timestamper=authority, stamp_style=stamp_style()).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)),
            existing_fields_only=True,
            output=output,
            appearance_text_params={"moment": moment},
        )
    except SealUnavailable:
        backends.reopen_key()
        raise
    except (TimestampRequestError, OSError) as error:
        raise TimestampUnavailable(str(error)) from error
    return _described(output.getvalue(), now, timestamped=lasting)


def _check_term(signer: Signer, now: datetime) -> None:
    """Refuse an expired certificate before it makes a seal that every PDF reader would show as invalid."""
    certificate = signer.signing_cert
    if certificate is not None and certificate.not_valid_after < now:
        raise SealRefused(
            _("Le certificat du cachet a pris fin le %(day)s. Rien ne peut être scellé avant son remplacement.")
            % {"day": date_format(timezone.localtime(certificate.not_valid_after), "j F Y")}
        )


def add_timestamp(pdf: bytes, *, authority: TimeStamper | None = None) -> SealedBytes:
    """Give a sealed file the timestamp that is missing, or one more before the former expires.

    The first one goes to the empty field reserved for it; renewals are fields without a place on the page.
    """
    stamper = authority or timestamper()
    if stamper is None:
        raise TimestampUnavailable("TSA_URL")
    context = _validation_context()
    completed = _with_validation_data(pdf, context)
    is_empty, count = _timestamp_fields(completed)
    name = TIMESTAMP_FIELD if is_empty else f"{TIMESTAMP_FIELD}-{count + 1}"
    output = io.BytesIO()
    outside = InvisSigSettings(box_out_of_bounds=True)
    try:
        PdfTimeStamper(stamper, field_name=name, invis_settings=outside).timestamp_pdf(
            IncrementalPdfFileWriter(io.BytesIO(completed)), DIGEST, validation_context=context, output=output
        )
    except (TimestampRequestError, OSError) as error:
        raise TimestampUnavailable(str(error)) from error
    return _described(output.getvalue(), timezone.now(), timestamped=True)


def token_for(digest: bytes, *, authority: TimeStamper) -> bytes:
    """Return an RFC 3161 token over a hash; raises TimestampUnavailable."""
    try:
        return asyncio.run(authority.async_timestamp(digest, DIGEST)).dump()
    except (TimestampRequestError, OSError) as error:
        raise TimestampUnavailable(str(error)) from error


def _with_validation_data(pdf: bytes, context: Any) -> bytes:
    """Return the file with the certificates and revocation lists of its seal inside; nothing is added twice."""
    reader = PdfFileReader(io.BytesIO(pdf))
    seal = next(signature for signature in reader.embedded_regular_signatures if signature.field_name == SEAL_FIELD)
    output = io.BytesIO()
    asyncio.run(async_add_validation_info(seal, context, skip_timestamp=True, output=output))
    return output.getvalue()


def _timestamp_fields(pdf: bytes) -> tuple[bool, int]:
    """Return whether the first timestamp's field is still empty, and how many timestamps there are."""
    reader = PdfFileReader(io.BytesIO(pdf))
    empty = any(name == TIMESTAMP_FIELD for name, _value, _ref in enumerate_sig_fields(reader, filled_status=False))
    return empty, len(reader.embedded_timestamp_signatures)


def _described(content: bytes, now: datetime, *, timestamped: bool) -> SealedBytes:
    """Return the seal's facts for the register: who sealed, by which certificate, at which level."""
    reader = PdfFileReader(io.BytesIO(content))
    seal = next(signature for signature in reader.embedded_regular_signatures if signature.field_name == SEAL_FIELD)
    certificate = seal.signer_cert
    return SealedBytes(
        content=content,
        level=ARCHIVAL if timestamped else BASIC,
        subject=certificate.subject.human_friendly[:240],
        issuer=certificate.issuer.human_friendly[:240],
        serial=f"{certificate.serial_number:x}",
        signed_at=now,
        timestamped_at=datetime.now(UTC) if timestamped else None,
    )
