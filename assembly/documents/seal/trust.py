"""Trust anchors: the roots named by the settings, and the revocation lists (CRL) in their folder."""

from datetime import datetime
from pathlib import Path

from asn1crypto import crl
from pyhanko.keys import load_certs_from_pemder
from pyhanko_certvalidator import ValidationContext

from assembly.documents.seal.keys import CRL_SUFFIX


def validation_context(
    trust_file: Path, *, fetch: bool = False, required: bool = False, moment: datetime | None = None
) -> ValidationContext:
    """Return a validation context; `fetch` gets revocation data from the issuers (only in workers, never on the web).

    Where the folder of the roots holds revocation lists, a certificate of unknown status is not trusted. With `moment`
    certificates are judged as of then, by the lists of today: a seal outlives its certificate.
    """
    lists = [crl.CertificateList.load(path.read_bytes()) for path in sorted(trust_file.parent.glob(f"*{CRL_SUFFIX}"))]
    return ValidationContext(
        trust_roots=list(load_certs_from_pemder([str(trust_file)])),  # type: ignore[no-untyped-call]  # -- the library gives no types here
        crls=lists,
        allow_fetching=fetch,
        moment=moment,
        retroactive_revinfo=moment is not None,
        revocation_mode="require" if lists or required else "soft-fail",
    )
