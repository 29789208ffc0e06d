"""XML signatures of the authority's profile, made for the tests; canonical forms by another road than the program's."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from desktop.eds.demo_ca import DemoKey
from desktop.eds.gost import streebog
from tests.eds.gost.making import Holder

INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_KZ = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:"
DOCUMENT = '<?xml version="1.0" encoding="UTF-8" standalone="no"?><өтініш xmlns:x="urn:x"><аты a="1">Әділ</аты></өтініш>'


@dataclass(frozen=True)
class Signer:
    """Who signs, by which algorithms."""

    certificate: bytes
    method: str
    digest_method: str
    sign: Callable[[bytes], bytes]
    digest: Callable[[bytes], bytes]


def by_gost(holder: Holder) -> Signer:
    bits = holder.key.bits
    return Signer(
        holder.der,
        f"{_KZ}gostr34102015-gostr34112015-{bits}",
        f"{_KZ}gostr34112015-{bits}",
        holder.key.sign,
        lambda data: streebog(data, bits),
    )


def by_rsa(key: DemoKey) -> Signer:
    return Signer(
        key.certificate_der,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmlenc#sha256",
        lambda data: key.private_key.sign(data, padding.PKCS1v15(), hashes.SHA256()),
        lambda data: sha256(data).digest(),
    )


def signed(
    document: str,
    signer: Signer,
    *,
    transform: str = f"{INCLUSIVE}#WithComments",
    info_form: str = INCLUSIVE,
    uri: str = "",
    prefix: str = "ds:",
    extra: str = "",
    covered: str | None = None,
) -> bytes:
    """``document`` with the signature before the end of its root; ``covered``: what is hashed instead of it."""
    root_end = document.rindex("</")
    canonical = _canonical(covered or document, transform or INCLUSIVE)
    digest = base64.b64encode(signer.digest(canonical)).decode()
    name = f"xmlns{':' + prefix[:-1] if prefix else ''}"
    info = _signed_info(signer, transform, info_form, uri, prefix, digest)
    before, after = document[:root_end], document[root_end:]
    opened = f'<{prefix}Signature {name}="http://www.w3.org/2000/09/xmldsig#">\n'
    value = base64.encodebytes(
        signer.sign(_canonical_info(before, opened, info, prefix, after, info_form))
    ).decode()
    certificate = base64.encodebytes(signer.certificate).decode()
    return (
        f"{before}{opened}{info}\n<{prefix}SignatureValue>\n{value}</{prefix}SignatureValue>\n<{prefix}KeyInfo>\n"
        f"<{prefix}X509Data>\n<{prefix}X509Certificate>\n{certificate}</{prefix}X509Certificate>\n</{prefix}X509Data>\n"
        f"</{prefix}KeyInfo>{extra}\n</{prefix}Signature>{after}"
    ).encode()


def _signed_info(signer: Signer, transform: str, info_form: str, uri: str, prefix: str, digest: str) -> str:
    second = f'<{prefix}Transform Algorithm="{transform}"/>\n' if transform else ""
    return (
        f'<{prefix}SignedInfo>\n<{prefix}CanonicalizationMethod Algorithm="{info_form}"/>\n'
        f'<{prefix}SignatureMethod Algorithm="{signer.method}"/>\n<{prefix}Reference URI="{uri}">\n'
        f'<{prefix}Transforms>\n<{prefix}Transform Algorithm="{ENVELOPED}"/>\n{second}</{prefix}Transforms>\n'
        f'<{prefix}DigestMethod Algorithm="{signer.digest_method}"/>\n'
        f"<{prefix}DigestValue>{digest}</{prefix}DigestValue>\n</{prefix}Reference>\n</{prefix}SignedInfo>"
    )


def _canonical(document: str, form: str) -> bytes:
    tree = etree.ElementTree(etree.fromstring(document.encode()))
    return bytes(
        etree.tostring(tree, method="c14n", exclusive=form.startswith(EXCLUSIVE), with_comments=False)
    )


def _canonical_info(before: str, opened: str, info: str, prefix: str, after: str, form: str) -> bytes:
    """SignedInfo where it stands: by hand, from the names the root and the signature declare."""
    whole = etree.fromstring(f"{before}{opened}{info}</{prefix}Signature>{after}".encode())
    element = list(whole.iter("{http://www.w3.org/2000/09/xmldsig#}SignedInfo"))[-1]
    if form.startswith(EXCLUSIVE):
        return bytes(etree.tostring(element, method="c14n", exclusive=True))
    spaces = sorted((key or "", value) for key, value in element.nsmap.items())
    declared = "".join(f' xmlns{":" + key if key else ""}="{value}"' for key, value in spaces)
    language = whole.get(
        "{http://www.w3.org/XML/1998/namespace}lang"
    )  # an attribute of XML itself comes down
    declared += f' xml:lang="{language}"' if language else ""
    inside = info[len(f"<{prefix}SignedInfo") :]
    for empty in ("CanonicalizationMethod", "SignatureMethod", "Transform", "DigestMethod"):
        inside = _opened(inside, f"{prefix}{empty}")
    return f"<{prefix}SignedInfo{declared}{inside}".encode()


def _opened(text: str, name: str) -> str:
    """Write empty elements of the name with an end tag, as the canonical form has them."""
    parts = text.split(f"<{name} ")
    return parts[0] + "".join(f"<{name} " + part.replace("/>", f"></{name}>", 1) for part in parts[1:])
