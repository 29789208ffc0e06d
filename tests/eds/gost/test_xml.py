"""XML signatures of the authority's profile: taken as made, refused with anything changed, moved or hidden."""

import base64
import random
from datetime import timedelta
from typing import Any

import pytest

from desktop.eds.cms_signature import CmsFile
from desktop.eds.demo_ca import DemoAuthority
from desktop.eds.gost import libgcrypt
from desktop.eds.verdict import Reason, Unreadable
from desktop.eds.xml_signature import LARGEST, verify_xml
from tests.eds.gost import making
from tests.eds.gost.making import AT, IIN, GostAuthority, Holder
from tests.eds.gost.xml_making import DOCUMENT, EXCLUSIVE, INCLUSIVE, by_gost, by_rsa, signed
from tests.eds.people import AT as RSA_AT
from tests.eds.people import Keys


@pytest.fixture(scope="module")
def authority() -> GostAuthority:
    return making.authority()


@pytest.fixture(scope="module")
def holder(authority: GostAuthority) -> Holder:
    return authority.issue()


def seen(authority: GostAuthority, xml: bytes, **settings: Any) -> CmsFile:
    given = {
        "trust_roots": [authority.root.der],
        "certificates": [authority.issuing.der],
        "at": AT,
    } | settings
    return verify_xml(xml, **given)


def reasons(file: CmsFile) -> list[Reason]:
    return [one.reason for one in file.signers]


def test_a_signature_says_whose_it_is(authority: GostAuthority, holder: Holder) -> None:
    told = seen(authority, signed(DOCUMENT, by_gost(holder)))
    (one,) = told.signers
    assert told.valid
    assert one.signer is not None
    assert (one.signer.iin, one.algorithm, one.signed_at) == (IIN, "streebog512 / gost2015-512", None)
    assert [item.der for item in one.chain] == [holder.der, authority.issuing.der, authority.root.der]


def test_256_bits() -> None:
    short = making.authority(256)
    told = seen(short, signed(DOCUMENT, by_gost(short.issue())))
    assert (reasons(told), told.signers[0].algorithm) == ([Reason.VALID], "streebog256 / gost2015-256")


def test_rsa(keys: Keys) -> None:
    told = verify_xml(
        signed(DOCUMENT, by_rsa(keys.head)),
        trust_roots=[keys.authority.root_pem],
        certificates=keys.head.chain_der,
        at=RSA_AT,
    )
    assert (reasons(told), told.signers[0].algorithm) == ([Reason.VALID_DEMO], "sha256 / rsassa_pkcs1v15")
    other = DemoAuthority(valid_from=making.VALID_FROM).root_pem
    assert reasons(verify_xml(signed(DOCUMENT, by_rsa(keys.head)), trust_roots=[other], at=RSA_AT)) == [
        Reason.UNTRUSTED
    ]


@pytest.mark.parametrize(
    "transform", [INCLUSIVE, f"{INCLUSIVE}#WithComments", EXCLUSIVE, f"{EXCLUSIVE}WithComments", ""]
)
@pytest.mark.parametrize("info_form", [INCLUSIVE, f"{INCLUSIVE}#WithComments", EXCLUSIVE])
@pytest.mark.parametrize("prefix", ["ds:", ""])
def test_canonical_forms(
    authority: GostAuthority, holder: Holder, transform: str, info_form: str, prefix: str
) -> None:
    xml = signed(DOCUMENT, by_gost(holder), transform=transform, info_form=info_form, prefix=prefix)
    assert reasons(seen(authority, xml)) == [Reason.VALID]


@pytest.mark.parametrize(
    "document",
    [
        "<a/>".replace("/>", "></a>"),
        '<a xmlns="urn:a" xmlns:b="urn:b" xml:lang="kk"><b:c b:d="1"/>text</a>',
        "<a><!-- a comment --><b/></a>",
        "<?pi before?><a>\n  <b>\t</b>\r\n</a>",
        "<a><![CDATA[<b>&]]></a>",
        "\n<a>Ә ғ қ ң ө ұ ү һ і</a>\n",
    ],
)
def test_documents_of_every_make(authority: GostAuthority, holder: Holder, document: str) -> None:
    for transform in (INCLUSIVE, f"{INCLUSIVE}#WithComments", EXCLUSIVE):
        xml = signed(document.strip(), by_gost(holder), transform=transform)
        assert reasons(seen(authority, b"\xef\xbb\xbf\n" + xml)) == [Reason.VALID]


def test_a_root_referred_to_by_its_identifier(authority: GostAuthority, holder: Holder) -> None:
    document = '<a Id="whole"><b Id="part"/></a>'
    assert reasons(seen(authority, signed(document, by_gost(holder), uri="#whole"))) == [Reason.VALID]
    assert reasons(seen(authority, signed(document, by_gost(holder), uri="#part"))) == [Reason.PARTIAL]
    assert reasons(seen(authority, signed(document, by_gost(holder), uri="#none"))) == [Reason.PARTIAL]
    twice = '<a Id="whole"><b Id="whole"/></a>'
    assert reasons(seen(authority, signed(twice, by_gost(holder), uri="#whole"))) == [Reason.PARTIAL]
    for uri in ("http://example.invalid/", "file:///etc/passwd", "other.xml"):
        assert reasons(seen(authority, signed(document, by_gost(holder), uri=uri))) == [
            Reason.KIND_UNSUPPORTED
        ]


def test_what_is_signed_cannot_be_changed(authority: GostAuthority, holder: Holder) -> None:
    xml = signed(DOCUMENT, by_gost(holder)).decode()
    for old, new in (("Әділ", "Әлия"), ('a="1"', 'a="2"'), ("<аты", "<x/><аты"), ("</аты>", "</аты> ")):
        assert reasons(seen(authority, xml.replace(old, new, 1).encode())) == [Reason.CHANGED]
    assert reasons(seen(authority, xml.replace("</ds:Signature>", "</ds:Signature> ").encode())) == [
        Reason.CHANGED
    ]


def test_signed_info_cannot_be_changed(authority: GostAuthority, holder: Holder) -> None:
    xml = signed(DOCUMENT, by_gost(holder)).decode()
    changed = xml.replace("<ds:SignatureMethod", " <ds:SignatureMethod")
    assert reasons(seen(authority, changed.encode())) == [Reason.FORGED]
    other = signed(DOCUMENT.replace("Әділ", "Әлия"), by_gost(holder)).decode()
    value = other[other.index("<ds:DigestValue>") : other.index("</ds:DigestValue>")]
    mine = xml[xml.index("<ds:DigestValue>") : xml.index("</ds:DigestValue>")]
    swapped = xml.replace(mine, value).replace("Әділ", "Әлия")
    assert reasons(seen(authority, swapped.encode())) == [Reason.FORGED]


def test_no_bit_of_values_and_certificate_is_idle(authority: GostAuthority, holder: Holder) -> None:
    xml = signed(DOCUMENT, by_gost(holder))
    chosen = random.Random(7)
    for name in (b"SignatureValue", b"DigestValue", b"X509Certificate", "аты".encode()):
        start = xml.index(b"<" + (b"ds:" if name.isascii() else b"") + name)
        start, end = xml.index(b">", start) + 1, xml.index(b"</", start)
        for _ in range(25):
            changed = bytearray(xml)
            changed[chosen.randrange(start, end)] ^= 1 << chosen.randrange(8)
            try:
                assert not seen(authority, bytes(changed)).valid
            except Unreadable:
                continue


def test_base64_is_written_in_one_way(authority: GostAuthority, holder: Holder) -> None:
    """The last character of a value has bits that mean nothing."""
    xml = signed(DOCUMENT, by_gost(holder)).decode()
    end = xml.index("=", xml.index("<ds:DigestValue>"))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = alphabet[alphabet.index(xml[end - 1]) ^ 1]
    changed = xml[: end - 1] + other + xml[end:]
    assert reasons(seen(authority, changed.encode())) == [Reason.DAMAGED]


def test_another_certificate(authority: GostAuthority, holder: Holder) -> None:
    xml = signed(DOCUMENT, by_gost(holder)).decode()
    mine = base64.encodebytes(holder.der).decode()
    other = base64.encodebytes(authority.issue().der).decode()
    assert reasons(seen(authority, xml.replace(mine, other).encode())) == [Reason.FORGED]
    short = base64.encodebytes(authority.issue(bits=256).der).decode()
    assert reasons(seen(authority, xml.replace(mine, short).encode())) == [Reason.ALGORITHM_UNSUPPORTED]


def test_certificates_are_judged_at_the_moment_of_checking(authority: GostAuthority, holder: Holder) -> None:
    xml = signed(DOCUMENT, by_gost(holder))
    assert reasons(seen(authority, xml, at=AT + timedelta(days=400))) == [Reason.EXPIRED]
    assert reasons(seen(authority, xml, at=making.VALID_FROM - timedelta(days=1))) == [Reason.NOT_YET_VALID]
    assert reasons(seen(authority, xml, trust_roots=[])) == [Reason.UNTRUSTED]
    login = authority.issue(usage=["digital_signature"])
    assert reasons(seen(authority, signed(DOCUMENT, by_gost(login)))) == [Reason.NO_SIGNING_RIGHT]


# wrapping and hiding


def test_a_signed_document_wrapped_in_another(authority: GostAuthority, holder: Holder) -> None:
    xml = signed("<a><b>1</b></a>", by_gost(holder)).decode()
    for wrapped in (f"<evil>{xml}<b>2</b></evil>", f"<evil><b>2</b><old>{xml}</old></evil>"):
        assert reasons(seen(authority, wrapped.encode())) == [Reason.CHANGED]
    signature = xml[xml.index("<ds:Signature") : xml.index("</a>")]
    moved = f"<a><b>2</b>{signature}<old><a><b>1</b></a></old></a>"
    assert reasons(seen(authority, moved.encode())) == [Reason.CHANGED]


def test_nothing_hides_inside_a_signature(authority: GostAuthority, holder: Holder) -> None:
    for extra in ("<ds:Object><a>2</a></ds:Object>", "<evil/>", "<ds:SignedInfo/>", "<ds:KeyInfo/>"):
        xml = signed(DOCUMENT, by_gost(holder), extra=extra)
        assert reasons(seen(authority, xml)) == [Reason.KIND_UNSUPPORTED]
    xml = signed(DOCUMENT, by_gost(holder)).decode()
    inside = xml.replace("<ds:X509Data>", "<evil>2</evil><ds:X509Data>")
    assert reasons(seen(authority, inside.encode())) == [Reason.KIND_UNSUPPORTED]


def test_other_transformations_are_refused(authority: GostAuthority, holder: Holder) -> None:
    for name in (
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2006/12/xml-c14n11",
    ):
        assert reasons(seen(authority, signed(DOCUMENT, by_gost(holder), transform=name))) == [
            Reason.KIND_UNSUPPORTED
        ]
    xml = signed(DOCUMENT, by_gost(holder)).decode()
    line = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
    for changed in (xml.replace(line, ""), xml.replace(line, line + line + line)):
        assert reasons(seen(authority, changed.encode())) == [Reason.KIND_UNSUPPORTED]
    second = xml.replace("</ds:Reference>", '</ds:Reference><ds:Reference URI="#x"/>')
    assert reasons(seen(authority, second.encode())) == [Reason.KIND_UNSUPPORTED]


@pytest.mark.parametrize(
    "method",
    [
        "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311",
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "",
    ],
)
def test_other_algorithms_cannot_be_checked_here(
    authority: GostAuthority, holder: Holder, method: str
) -> None:
    xml = signed(DOCUMENT, by_gost(holder)).decode()
    changed = xml.replace(by_gost(holder).method, method)
    assert reasons(seen(authority, changed.encode())) == [Reason.ALGORITHM_UNSUPPORTED]


# several


def test_one_signature_on_top_of_another(authority: GostAuthority, holder: Holder) -> None:
    first = signed(DOCUMENT, by_gost(holder)).decode()
    both = signed(first, by_gost(authority.issue()))
    assert reasons(seen(authority, both)) == [Reason.VALID, Reason.VALID]
    changed = both.decode().replace("Әділ", "Әлия").encode()
    assert reasons(seen(authority, changed)) == [Reason.CHANGED, Reason.CHANGED]
    end = both.decode().rindex("<ds:Signature ")
    without = both.decode()[:end] + "</өтініш>"
    assert reasons(seen(authority, without.encode())) == [Reason.VALID], "the first stands alone as before"
    start = first.index("<ds:Signature ")
    cut = both.decode()[:start] + both.decode()[end:]
    assert reasons(seen(authority, cut.encode())) == [Reason.CHANGED], "the second is over the first too"


def test_too_many(authority: GostAuthority, holder: Holder) -> None:
    xml = signed(DOCUMENT, by_gost(holder)).decode()
    signature = xml[xml.index("<ds:Signature ") : xml.rindex("</")]
    many = xml[: xml.index("<ds:Signature ")] + signature * 9 + "</өтініш>"
    assert reasons(seen(authority, many.encode())) == [Reason.TOO_MANY]
    assert reasons(seen(authority, DOCUMENT.encode())) == [Reason.NO_SIGNATURE]


# hostile files


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "xml-not-xml"),
        (b"hello", "xml-not-xml"),
        (b"<a>", "xml-not-xml"),
        (b"<a>" * 5000, "xml-not-xml"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "xml-with-dtd"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "xml-with-dtd"),
        (b'<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>', "xml-with-dtd"),
        (b"<a>&undefined;</a>", "xml-not-xml"),
        (b"<a>" + b" " * LARGEST + b"</a>", "xml-too-large"),
        (
            b"<a %s>" % b" ".join(b'xmlns:n%d="urn:%d"' % (n, n) for n in range(600))
            + b"<b/>" * 100
            + b"</a>",
            "xml-not-xml",
        ),
        (b"<a %s/>" % b" ".join(b'n%d="%d"' % (n, n) for n in range(5000)), "xml-not-xml"),
    ],
)
def test_what_cannot_be_read(authority: GostAuthority, xml: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as told:
        seen(authority, xml)
    assert told.value.code == code


def test_a_root_that_is_a_signature(authority: GostAuthority) -> None:
    xml = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'
    assert reasons(seen(authority, xml)) == [Reason.KIND_UNSUPPORTED]


def test_without_the_library_a_large_document_cannot_be_checked(
    authority: GostAuthority, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    xml = signed(f"<a>{'x' * 70_000}</a>", by_gost(holder))
    assert seen(authority, xml).valid
    monkeypatch.setattr(libgcrypt, "available", lambda: False)
    assert reasons(seen(authority, xml)) == [Reason.HASH_NOT_HERE]
