"""How an XML signature of the National authority's profile is made up: its references, forms and algorithms."""

import base64
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from desktop.eds import gost
from desktop.eds.certificates import CertificateInfo
from desktop.eds.verdict import Reason

DS = "{http://www.w3.org/2000/09/xmldsig#}"
MOST_CERTIFICATES = 8
_KZ = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_PREFIXES = "{http://www.w3.org/2001/10/xml-exc-c14n#}InclusiveNamespaces"
_IDS = ("Id", "ID", "id")
_XML = "{http://www.w3.org/XML/1998/namespace}"

_METHODS = {  # of the signature, to (name of the digest, identifier of the mechanism, name)
    f"{_KZ}gostr34102015-gostr34112015-512": ("1.2.398.3.10.1.1.2.3.2", "gost2015-512"),
    f"{_KZ}gostr34102015-gostr34112015-256": ("1.2.398.3.10.1.1.2.3.1", "gost2015-256"),
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": ("sha256_rsa", "rsassa_pkcs1v15"),
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": ("sha512_rsa", "rsassa_pkcs1v15"),
}
_DIGESTS = {  # to the name ``algorithms.digest`` knows, and the name told
    f"{_KZ}gostr34112015-512": ("1.2.398.3.10.1.3.3", "streebog512"),
    f"{_KZ}gostr34112015-256": ("1.2.398.3.10.1.3.2", "streebog256"),
    "http://www.w3.org/2001/04/xmlenc#sha256": ("sha256", "sha256"),
    "http://www.w3.org/2001/04/xmldsig-more#sha256": ("sha256", "sha256"),
    "http://www.w3.org/2001/04/xmlenc#sha512": ("sha512", "sha512"),
}


class Refused(Exception):
    """The signature is not of the profile; ``reason`` says in which way."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Canonical:
    """A canonical form (C14N 1.0, exclusive or not)."""

    exclusive: bool = False
    with_comments: bool = False
    prefixes: tuple[str, ...] = ()

    def of(self, node: Any, *, with_comments: bool | None = None) -> bytes:
        return bytes(
            etree.tostring(
                node,
                method="c14n",
                exclusive=self.exclusive,
                with_comments=self.with_comments if with_comments is None else with_comments,
                inclusive_ns_prefixes=list(self.prefixes) or None,
            )
        )


@dataclass(frozen=True, slots=True)
class Form:
    """How one signature was made."""

    digest: str
    digest_value: bytes
    mechanism: str
    algorithm: str
    document: _Canonical
    signed_info: _Canonical

    def suits(self, info: CertificateInfo) -> bool:
        """Whether the certificate's key is of the signature's algorithm and that is known here."""
        if not self.mechanism or not self.digest:
            return False
        if self.mechanism in gost.ALGORITHMS:
            return info.algorithm == f"gost2015-{gost.ALGORITHMS[self.mechanism]}"
        return info.algorithm == "rsa"

    def canonical(self, tree: Any) -> Iterator[bytes]:
        """Yield what was hashed of the document without its signature.

        A reference to the whole document leaves comments out (XMLDSig, 4.4.3.2), whatever the form says; some programs
        heed the form, so that comes second.
        """
        yield self.document.of(tree, with_comments=False)
        if self.document.with_comments:
            yield self.document.of(tree)

    def canonical_signed_info(self, element: Any) -> bytes:
        """Return SignedInfo as it was signed, with the namespaces it stands among."""
        alone = etree.Element(element.tag, dict(element.attrib), nsmap=element.nsmap)
        if not self.signed_info.exclusive:
            for above in element.iterancestors():
                for name, value in above.attrib.items():
                    if str(name).startswith(_XML) and name not in alone.attrib:
                        alone.set(name, value)
        alone.text = element.text
        alone.extend(deepcopy(child) for child in element)
        return self.signed_info.of(etree.ElementTree(alone))


def read(tree: Any, element: Any) -> Form:
    """Return how the signature ``element`` was made; Refused for whatever the profile does not have."""
    _refuse_strangers(tree, element)
    info = only(element, "SignedInfo")
    if [child.tag for child in _elements(info)] != [
        f"{DS}CanonicalizationMethod",
        f"{DS}SignatureMethod",
        f"{DS}Reference",
    ]:
        raise Refused(Reason.KIND_UNSUPPORTED)
    reference = only(info, "Reference")
    _refuse_parts(tree, reference)
    mechanism, name = _METHODS.get(_algorithm(only(info, "SignatureMethod")), ("", "unknown"))
    digest, digest_name = _DIGESTS.get(_algorithm(only(reference, "DigestMethod")), ("", "unknown"))
    return Form(
        digest,
        decoded(only(reference, "DigestValue")),
        mechanism,
        f"{digest_name} / {name}",
        _document_form(reference),
        _canonical_form(only(info, "CanonicalizationMethod")),
    )


def only(parent: Any, name: str) -> Any:
    """Return the one child of the name; Refused when there is none or another."""
    found = parent.findall(f"{DS}{name}")
    if len(found) != 1:
        raise Refused(Reason.DAMAGED)
    return found[0]


def decoded(element: Any) -> bytes:
    """Return the bytes an element holds in base64; Refused for what is written in another way than the one right one."""
    text = "".join((element.text or "").split())
    told = base64.b64decode(text, validate=True)
    if len(element) or base64.b64encode(told).decode() != text:
        raise Refused(Reason.DAMAGED)
    return told


def take_out(element: Any) -> None:
    """Take an element out of its document and leave the text behind it where it stood."""
    parent, before = element.getparent(), element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail or None
    else:
        parent.text = (parent.text or "") + tail or None
    element.tail = None
    parent.remove(element)


def _elements(parent: Any) -> list[Any]:
    return [child for child in parent if isinstance(child.tag, str)]


def _algorithm(element: Any) -> str:
    return str(element.get("Algorithm", ""))


def _refuse_strangers(tree: Any, element: Any) -> None:
    """What lies inside a signature is not signed: no place for objects there, nor for another signature."""
    if element is tree.getroot():
        raise Refused(Reason.KIND_UNSUPPORTED)
    if any(above.tag == f"{DS}Signature" for above in element.iterancestors()):
        raise Refused(Reason.KIND_UNSUPPORTED)
    names = [child.tag for child in _elements(element)]
    if names != [f"{DS}SignedInfo", f"{DS}SignatureValue", f"{DS}KeyInfo"]:
        raise Refused(Reason.KIND_UNSUPPORTED)
    allowed = {f"{DS}X509Data", f"{DS}KeyValue"}
    if any(child.tag not in allowed for child in _elements(only(element, "KeyInfo"))):
        raise Refused(Reason.KIND_UNSUPPORTED)


def _refuse_parts(tree: Any, reference: Any) -> None:
    """The reference is to the whole document: by nothing, or by the identifier of its root and of nothing else."""
    uri = reference.get("URI")
    if uri == "":
        return
    if uri is None or not uri.startswith("#"):
        raise Refused(Reason.KIND_UNSUPPORTED)
    named = [
        one for one in tree.getroot().iter(etree.Element) if any(one.get(name) == uri[1:] for name in _IDS)
    ]
    if named != [tree.getroot()]:
        raise Refused(Reason.PARTIAL)


def _document_form(reference: Any) -> _Canonical:
    transforms = _elements(only(reference, "Transforms"))
    names = [_algorithm(item) for item in transforms]
    if (
        any(item.tag != f"{DS}Transform" for item in transforms)
        or names[:1] != [_ENVELOPED]
        or len(names) > 2
    ):
        raise Refused(Reason.KIND_UNSUPPORTED)
    if _elements(transforms[0]):
        raise Refused(Reason.KIND_UNSUPPORTED)
    return _canonical_form(transforms[1]) if len(names) == 2 else _Canonical()


def _canonical_form(element: Any) -> _Canonical:
    name = _algorithm(element)
    exclusive = name.startswith(_EXCLUSIVE)
    plain = (
        name.removesuffix("WithComments").removesuffix("#")
        if not exclusive
        else name.removesuffix("WithComments")
    )
    if plain not in (_INCLUSIVE, _EXCLUSIVE):
        raise Refused(Reason.KIND_UNSUPPORTED)
    parameters = _elements(element)
    if not parameters:
        return _Canonical(exclusive, name.endswith("WithComments"))
    if not exclusive or [item.tag for item in parameters] != [_PREFIXES]:
        raise Refused(Reason.KIND_UNSUPPORTED)
    prefixes = tuple(parameters[0].get("PrefixList", "").split())
    return _Canonical(exclusive, name.endswith("WithComments"), prefixes)
