"""Spoiled CMS and XML: never a crash, never a wait, and what is still valid says just what was signed."""

import random
import time

import pytest
from lxml import etree

from desktop.eds.cms_signature import CmsFile, verify_cms
from desktop.eds.verdict import Unreadable
from desktop.eds.xml_signature import verify_xml
from tests.eds.gost import making, xml_making
from tests.eds.gost.making import AT, Holder
from tests.eds.gost.messages import CONTENT, Shape, as_ber, signed, stamper

TIMES = 400
_ODD = (0, 0x05, 0x06, 0x30, 0x31, 0x80, 0x84, 0xA0, 0xFF)


@pytest.fixture(scope="module")
def holder() -> Holder:
    return making.authority().issue()


def spoiled(whole: bytes, chosen: random.Random) -> bytes:
    told = bytearray(whole)
    for _ in range(chosen.choice((1, 1, 2, 3, 8))):
        place, way = chosen.randrange(len(told)), chosen.randrange(5)
        if way == 0:
            told[place] = chosen.randrange(256)
        elif way == 1:
            told[place] = chosen.choice(_ODD)
        elif way == 2:
            del told[place : place + chosen.randrange(1, 20)]
        elif way == 3:
            told[place:place] = chosen.randbytes(chosen.randrange(1, 8))
        else:
            start = chosen.randrange(len(told))
            told[place:place] = told[start : start + chosen.randrange(1, 200)]
    return bytes(told)


def test_spoiled_cms(holder: Holder) -> None:
    authority = making.authority()
    stamped = signed(CONTENT, [holder], Shape(attached=True, stamped_by=stamper(authority)))
    bases, chosen = (stamped, as_ber(signed(CONTENT, [holder], Shape(attached=True)))), random.Random(34)
    for _ in range(TIMES):
        told = judged(verify_cms, spoiled(chosen.choice(bases), chosen))
        if told is not None and told.valid:
            assert told.content == CONTENT
            assert [one.signer.der for one in told.signers if one.signer] == [holder.der]


def test_spoiled_xml(holder: Holder) -> None:
    whole, chosen = xml_making.signed(xml_making.DOCUMENT, xml_making.by_gost(holder)), random.Random(35)
    original = canonical(whole)
    for _ in range(TIMES):
        changed = spoiled(whole, chosen)
        told = judged(verify_xml, changed)
        if told is not None and told.valid:
            assert canonical(changed) == original
            assert [one.signer.der for one in told.signers if one.signer] == [holder.der]


def judged(verify, material: bytes) -> CmsFile | None:
    authority, started = making.authority(), time.process_time()
    try:
        return verify(material, trust_roots=[authority.root.der, authority.issuing.der], at=AT)
    except Unreadable:
        return None
    finally:
        assert time.process_time() - started < 5


def canonical(xml: bytes) -> bytes:
    """The document without signatures and comments."""
    root = etree.fromstring(xml.lstrip())
    for element in list(root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")):
        element.getparent().remove(element)
    return bytes(etree.tostring(root, method="c14n", with_comments=False))
