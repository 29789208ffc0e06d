"""Packages made for the tests: as a portal would send them, and in every way as nobody should."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from desktop.eds.certificates import describe
from desktop.eds.cms_signature import sign_detached
from desktop.eds.demo_ca import DemoAuthority, DemoKey, DemoPerson, OwnerRole
from desktop.exchange.request import CONTAINER, NAMESPACE
from desktop.regulation.model import Operation

AT = datetime(2018, 6, 11, 9, 30, tzinfo=UTC)
VALID_FROM = datetime(2018, 1, 1, tzinfo=UTC)
BIN = "210440038887"
IIN = "850101450018"
PDF = b"%PDF-1.4\n%%EOF\n"
APPLICANT = DemoPerson("ЖҮНІСОВ АСАН", IIN, "БЕРІКҰЛЫ", "«Ақ жайық» ЖШС", BIN)
CITIZEN = DemoPerson("ЖҮНІСОВ АСАН", IIN, "БЕРІКҰЛЫ", roles=(OwnerRole.INDIVIDUAL,))
OPERATOR = DemoPerson(
    "ОПЕРАТОРОВА ДАНА",
    "900315450023",
    organisation="«Азаматтарға арналған үкімет» МК",
    bin="160440007161",
    roles=(OwnerRole.LEGAL_ENTITY, OwnerRole.EMPLOYEE),
)


@dataclass(frozen=True)
class Keys:
    authority: DemoAuthority
    applicant: DemoKey
    citizen: DemoKey
    operator: DemoKey
    stranger: DemoKey


def make_keys() -> Keys:
    authority = DemoAuthority(valid_from=VALID_FROM, name="packages")
    other = DemoPerson("БАСҚА АДАМ", "900315450023", organisation="Басқа", bin="050140003412")
    return Keys(
        authority,
        *(authority.issue(person, valid_from=VALID_FROM) for person in (APPLICANT, CITIZEN, OPERATOR, other)),
    )


@dataclass
class Made:
    """``request``: as JSON; ``files``: by their place; ``more``: entries nobody named."""

    request: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
    key: DemoKey | None = None
    signed_at: datetime = AT
    as_xml: bool = False
    signature: bytes | None = None
    more: dict[str, bytes] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        if self.as_xml:
            return to_xml(self.request)
        return json.dumps(self.request, ensure_ascii=False, indent=1).encode()

    def write(self, path: Path) -> Path:
        content = self.content
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr("request.xml" if self.as_xml else "request.json", content)
            signature = self.signature
            if signature is None and self.key is not None:
                signature = signed(content, self.key, self.signed_at)
            if signature:
                zipped.writestr("request.sig", signature)
            for name, body in {**self.files, **self.more}.items():
                zipped.writestr(name, body)
        return path


def signed(content: bytes, key: DemoKey, at: datetime = AT) -> bytes:
    def raw(data: bytes, _digest: str) -> bytes:
        return key.private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    return sign_detached(content, info=describe(key.certificate_der), chain=key.chain_der, raw=raw, at=at)


def good(
    operation: Operation, key: DemoKey, *, package_id: str = "portal-2018-0000001", **changes: Any
) -> Made:
    """Return a package in which everything is right for ``operation``."""
    files = {
        f"files/{number}-{paper.id}.pdf": PDF + f"%{paper.id}\n".encode()
        for number, paper in enumerate(operation.papers)
        if paper.required
    }
    papers = [paper for paper in operation.papers if paper.required]
    request = {
        "container": CONTAINER,
        "id": package_id,
        "created_at": "2018-06-11T14:30:00+05:00",
        "channel": "portal",
        "regulation": "wko-2018-139",
        "service": "medical",
        "operation": operation.id,
        "applicant": {
            "is_legal_entity": True,
            "identifier": BIN,
            "name_kk": "«Ақ жайық» ЖШС",
            "name_ru": "ТОО «Ақ жайық»",
            "address": "Орал қ., Абай даңғ., 1",
            "phone": "+7 7112 50 00 00",
        },
        "site": "Орал қ., Достық-Дружба даңғ., 201",
        "sub_types": ["phc-qualified"],
        "consent": True,
        "number": "KZ18-77",
        "fee": {"receipt": "K-77", "paid_on": "2018-06-08", "tenge": 43250},
        "inventory": [
            {"paper": paper.id, "sheets": 2, **({"expires_on": "2035-01-01"} if paper.expires else {})}
            for paper in papers
        ],
        "files": [
            {
                "path": path,
                "name": f"{paper.id} құжаты.pdf",
                "sha256": hashlib.sha256(body).hexdigest(),
                "paper": paper.id,
            }
            for (path, body), paper in zip(files.items(), papers, strict=True)
        ],
        **changes,
    }
    return Made(request, files, key)


def to_xml(request: Mapping[str, Any]) -> bytes:
    root = ElementTree.Element("request", xmlns=NAMESPACE)
    _fill(root, request)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


_ONE = {"sub_types": "sub_type", "inventory": "line", "files": "file", "details": "detail"}


def _fill(element: ElementTree.Element, told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        child = ElementTree.SubElement(element, name)
        if isinstance(value, list):
            for item in value:
                _say(ElementTree.SubElement(child, _ONE[name]), item)
        else:
            _say(child, value)


def _say(element: ElementTree.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        _fill(element, value)
    else:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)


def with_request(made: Made, **changes: Any) -> Made:
    """Return the package with some of its request changed, to be signed anew."""
    return replace(made, request={**made.request, **changes})
