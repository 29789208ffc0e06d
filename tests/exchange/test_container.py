"""Packages are opened with nothing in them believed: not their sizes, their names, their XML."""

import contextlib
import json
import struct
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from desktop import resources
from desktop.errors import BadInput
from desktop.exchange.container import MOST_BYTES, MOST_ENTRIES
from desktop.exchange.request import NAMESPACE, read_json, read_xml
from tests.exchange.making import to_xml, with_request

XXE = f"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<request xmlns="{NAMESPACE}"><site>&x;</site></request>"""
LAUGHS = f"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "{"ha" * 500}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<request xmlns="{NAMESPACE}"><site>&b;</site></request>"""


def refused(opened, *args, **facts):
    with pytest.raises(BadInput) as caught:
        opened(*args, **facts)
    assert caught.value.field == "files"
    return caught.value.code


def test_a_package_is_opened_whole(opened, sent):
    package = opened(sent)
    assert package.request.package_id == sent.request["id"]
    assert package.request_bytes == sent.content
    assert all(one.same and one.path.read_bytes() == sent.files[one.said.path] for one in package.files)
    assert package.files[0].path.name.endswith("құжаты.pdf")
    assert (package.request.tenge, package.request.created_at.isoformat()) == (
        43250,
        "2018-06-11T14:30:00+05:00",
    )


def test_json_and_xml_say_the_same(sent):
    assert read_json(sent.content) == read_xml(to_xml(sent.request))


def test_the_shipped_schemas_hold_for_what_is_read(sent):
    schema = etree.XMLSchema(etree.parse(resources.path("exchange", "request.xsd")))
    schema.assertValid(etree.fromstring(to_xml(sent.request)))
    wrong = etree.fromstring(to_xml(with_request(sent, site="").request))
    assert not schema.validate(wrong)
    told = json.loads(resources.path("exchange", "request.schema.json").read_text(encoding="utf-8"))
    assert set(sent.request) <= set(told["properties"])
    named = {
        item.get("name") for item in etree.parse(resources.path("exchange", "request.xsd")).iter("{*}element")
    }
    assert set(told["properties"]) <= named


@pytest.mark.parametrize("words", [XXE, LAUGHS, f'<?go x?><request xmlns="{NAMESPACE}"/>', "<request/>", "<",
    f'<request xmlns="{NAMESPACE}" id="1"/>', f'<x xmlns="{NAMESPACE}"/>', "<a>" * 100,
    f'<request xmlns="{NAMESPACE}"><site>a</site><site>b</site></request>',
    f'<request xmlns="{NAMESPACE}"><inventory>' + "<line/>" * 6000 + "</inventory></request>"])  # fmt: skip
def test_xml_that_is_no_request(words):
    with pytest.raises(BadInput, match="package-request-wrong"):
        read_xml(words.encode())


@pytest.mark.parametrize(
    "words", ["", "[]", "{", "null", '{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100_000, b"\xff\xfe{\x00"]
)
def test_json_that_is_no_request(words):
    with pytest.raises(BadInput, match="package-request-wrong"):
        read_json(words if isinstance(words, bytes) else words.encode())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("container", "ruqsat-package/2"), ("id", "../../x"), ("id", "short"), ("created_at", "2018-06-11"),
        ("created_at", "2018-06-11T14:30:00"), ("channel", "pigeon"), ("applicant", None), ("applicant", []),
        ("applicant", {"is_legal_entity": "yes"}), ("site", " "), ("site", 5), ("consent", "maybe"),
        ("fee", {"tenge": -1}), ("fee", {"tenge": True}), ("fee", {"paid_on": "yesterday"}),
        ("fee", {"discount": "1"}), ("sub_types", "x"), ("sub_types", [1]), ("sub_types", ["x"] * 301),
        ("inventory", [{"sheets": 1}]), ("files", [{"path": "/etc/passwd", "sha256": "a" * 64}]),
        ("files", [{"path": "files/../x", "sha256": "a" * 64}]), ("files", [{"path": "files/a", "sha256": "A"}]),
        ("files", [{"path": "files/a", "sha256": "a" * 64}, {"path": "files/A", "sha256": "a" * 64}]),
        ("surprise", 1), ("regulation", "x" * 81), ("details", [{"value": "x"}]),
    ],
)  # fmt: skip
def test_one_wrong_thing_of_a_request(sent, name, value):
    with pytest.raises(BadInput, match="package-request-wrong") as caught:
        read_json(with_request(sent, **{name: value}).content)
    assert caught.value.facts["where"].split(".")[0] in (name, "id")


# the zip


def zipped(path: Path, entries: dict[str, bytes], **facts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = facts.get("kind", zipfile.ZIP_DEFLATED)
            info.external_attr = facts.get("mode", 0o100600) << 16
            file.writestr(info, body)
    return path


def test_what_is_no_zip(opened, tmp_path):
    path = tmp_path / "p.zip"
    for content in (b"", b"PK\x03\x04 and nothing", b"%PDF-1.4"):
        path.write_bytes(content)
        assert refused(opened, path=path) == "package-unreadable"
    assert refused(opened, path=tmp_path / "none.zip") == "file-missing"


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "files/../../x", "..\\x", "C:\\x", "files//x", "files/./x", "a\u202ex"]
)
def test_names_that_lead_elsewhere(opened, sent, tmp_path, name):
    path = zipped(tmp_path / "p.zip", {"request.json": sent.content, name: b"x"})
    assert refused(opened, path=path) in ("package-unsafe", "package-entry-unknown")
    assert not (tmp_path.parent / "x").exists()


def test_entries_that_are_no_plain_files(opened, sent, tmp_path):
    for mode in (0o120777, 0o010600, 0o040700):
        path = zipped(tmp_path / "p.zip", {"request.json": sent.content}, mode=mode)
        assert refused(opened, path=path) == "package-unsafe"
    path = zipped(tmp_path / "p.zip", {"request.json": sent.content}, kind=zipfile.ZIP_LZMA)
    assert refused(opened, path=path) == "package-unsafe"


def test_a_name_twice(opened, sent, tmp_path):
    path = zipped(tmp_path / "p.zip", {"request.json": sent.content, "REQUEST.JSON": b"{}"})
    assert refused(opened, path=path) == "package-unsafe"


def test_a_locked_entry(opened, sent, tmp_path):
    path = zipped(tmp_path / "p.zip", {"request.json": sent.content})
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(mark) + at
        content[place] |= 1
    path.write_bytes(content)
    assert refused(opened, path=path) == "package-unsafe"


def test_what_the_request_does_not_name(opened, sent, tmp_path):
    sent.more["files/more.exe"] = b"MZ"
    assert refused(opened, sent) == "package-entry-unknown"
    sent.more.clear()
    gone = next(iter(sent.files))
    sent.files.pop(gone)
    assert refused(opened, sent) == "package-file-missing"
    path = zipped(tmp_path / "p.zip", {"request.sig": b"x"})
    assert refused(opened, path=path) == "package-request-missing"
    path = zipped(tmp_path / "p.zip", {"request.json": sent.content, "request.xml": b"x"})
    assert refused(opened, path=path) == "package-request-missing"


def test_a_bomb_is_noticed_while_it_unpacks(opened, sent):
    name = next(iter(sent.files))
    sent.files[name] = b"\0" * (12 * 1024 * 1024)
    assert refused(opened, sent) == "package-unsafe"
    assert refused(opened, sent, limit=1024 * 1024) == "package-too-large"


def test_an_announced_size_is_not_believed(opened, sent, tmp_path):
    """The zip says one byte, and gives a megabyte."""
    name = next(iter(sent.files))
    sent.files[name] = b"x" * 1024 * 1024
    path = sent.write(tmp_path / "p.zip")
    content = path.read_bytes()
    changed = content.replace(struct.pack("<I", 1024 * 1024), struct.pack("<I", 1))
    assert changed != content
    path.write_bytes(changed)
    assert refused(opened, path=path) == "package-unreadable"


def test_more_than_a_package_holds(opened, sent, tmp_path):
    many = {f"files/{number}": b"" for number in range(MOST_ENTRIES + 1)}
    path = zipped(tmp_path / "p.zip", {"request.json": sent.content, **many})
    assert refused(opened, path=path) == "package-too-large"
    path = sent.write(tmp_path / "p.zip")
    assert refused(opened, path=path, limit=10) == "package-too-large"
    assert MOST_BYTES == 500 * 1024 * 1024


def test_a_file_other_than_the_signed_one_is_told(opened, sent):
    name = next(iter(sent.files))
    sent.files[name] += b"more"
    package = opened(sent)
    assert [one.same for one in package.files].count(False) == 1


def test_an_archive_that_points_before_its_beginning_is_unreadable(opened, sent, tmp_path):
    whole = bytearray(sent.write(tmp_path / "p.zip").read_bytes())
    # where the directory begins, as the end record says (APPNOTE 4.3.16)
    end = whole.rindex(b"PK\x05\x06") + 16
    directory = int.from_bytes(whole[end : end + 4], "little")
    for wrong in (directory + 7, directory + 100_000):
        whole[end : end + 4] = wrong.to_bytes(4, "little")
        path = tmp_path / f"before-{wrong}.zip"
        path.write_bytes(whole)
        assert refused(opened, path=path) == "package-unreadable"


def test_any_byte_of_a_package_may_be_wrong(opened, sent, tmp_path):
    """Whatever is flipped is refused, told as another file, or changes nothing: never an error of ours."""
    whole = sent.write(tmp_path / "p.zip").read_bytes()
    path = tmp_path / "flipped.zip"
    for at in range(0, len(whole), max(1, len(whole) // 300)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with contextlib.suppress(BadInput):
            opened(path=path)
