"""A result as a package for «жеке кабинет» or a centre: the papers, what they are, and the office's mark.

The papers are the very bytes that were signed; each carries its own signature. The mark says which office sent which
description, and when; the description holds the SHA-256 of every paper.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.cases.filing import safe_name
from desktop.errors import BadInput, Unavailable
from desktop.regulation.model import Text
from desktop.regulation.results import ResultPapers

CONTAINER = "ruqsat-result/1"
_LARGEST = 200 * 1024 * 1024
_MOST = 20
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same result gives the same bytes


@dataclass(frozen=True, slots=True)
class ResultRead:
    """A result package as it was read: ``result`` and ``mark`` as JSON, the papers by their place."""

    result: Mapping[str, Any]
    mark: Mapping[str, Any]
    papers: Mapping[str, bytes] = field(repr=False)


def write_result(papers: ResultPapers, folder: Path) -> Path:
    """Write the package into ``folder`` under the case's number and return where; written whole or not at all.

    The same result written again is the same file. Unavailable "result-unwritable" (folder, reason).
    """
    content = packed(papers)
    stem = safe_name(f"result-{papers.case_number}".replace("/", "-"))
    target, number = folder / f"{stem}.zip", 2
    try:
        while target.exists() and target.read_bytes() != content:
            target, number = folder / f"{stem}-{number}.zip", number + 1
        handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    except OSError as error:
        raise Unavailable("result-unwritable", folder=str(folder), reason=error.strerror or "") from error
    return target


def packed(papers: ResultPapers) -> bytes:
    """Return the bytes of the package."""
    entries = {
        f"documents/{number:02d}-{one.kind}.pdf": one.content
        for number, one in enumerate(papers.documents, 1)
    }
    result = _bytes(_result(papers, list(entries)))
    mark = {
        "office": _pair(papers.office),
        "bin": papers.office_bin,
        "at": (papers.closed_at or papers.made_at).isoformat(timespec="seconds"),
        "result_sha256": hashlib.sha256(result).hexdigest(),
        "demo": papers.is_demo,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, body in {"result.json": result, "mark.json": _bytes(mark), **entries}.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            zipped.writestr(entry, body)
    return out.getvalue()


def _result(papers: ResultPapers, places: list[str]) -> dict[str, Any]:
    return {
        "container": CONTAINER,
        "package": papers.package_id,
        "number": papers.outside_number,
        "case": papers.case_number,
        "channel": papers.channel.value,
        "regulation": papers.regulation,
        "service": _pair(papers.service),
        "operation": _pair(papers.operation),
        "identifier": papers.identifier,
        "holder": _pair(papers.holder),
        "result": papers.result,
        "closed_at": papers.closed_at.isoformat(timespec="seconds") if papers.closed_at else "",
        "documents": [
            {
                "path": place,
                "kind": one.kind,
                "number": one.number,
                "dated": one.dated,
                "signed": one.state == "signed",
                "certificate": one.signer_certificate,
                "sha256": hashlib.sha256(one.content).hexdigest(),
            }
            for place, one in zip(places, papers.documents, strict=True)
        ],
    }


def read_result(path: Path) -> ResultRead:
    """Read a result package and prove that its parts belong together; BadInput "result-unreadable" (why)."""
    try:
        with zipfile.ZipFile(path) as zipped:
            entries = zipped.infolist()
            if len(entries) > _MOST or sum(one.file_size for one in entries) > _LARGEST:
                raise ValueError("too large")
            parts = {one.filename: zipped.read(one) for one in entries}
        described = parts.pop("result.json")
        told, mark = json.loads(described), json.loads(parts.pop("mark.json"))
        documents = {one["path"]: one["sha256"] for one in told["documents"]}
        if told["container"] != CONTAINER or mark["result_sha256"] != hashlib.sha256(described).hexdigest():
            raise ValueError("the mark is of another result")
        if documents != {name: hashlib.sha256(body).hexdigest() for name, body in parts.items()}:
            raise ValueError("the papers are not those described")
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, RuntimeError) as error:
        raise BadInput("result-unreadable", field="files", file_name=path.name, why=str(error)) from error
    return ResultRead(told, mark, parts)


def _pair(text: Text) -> dict[str, str]:
    return {"kk": text.kk, "ru": text.ru}


def _bytes(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
