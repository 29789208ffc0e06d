"""Files that come from outside: looked at by content, named safely, never unpacked without a bound."""

import time
import tracemalloc
import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from desktop.cases import filing, scanning
from desktop.cases.application import IncomingFile
from desktop.errors import BadInput
from desktop.models import Attachment, Blob
from tests.cases.world import world

LIMIT = 1024 * 1024


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _picture(kind: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (3, 2)).save(out, kind)
    return out.getvalue()


def _pdf() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return pdf


def _saved(pdf: pikepdf.Pdf, *, packed: bool = True, **options: object) -> bytes:
    out = BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    pdf.save(out, object_stream_mode=mode, **options)
    return out.getvalue()


class TestInspect:
    @pytest.mark.parametrize(
        ("name", "content", "media_type"),
        [
            ("a.pdf", b"%PDF-1.4\n%%EOF", "application/pdf"),
            ("a.PDF", b"\n\n%PDF-1.4\n%%EOF", "application/pdf"),
            ("a.jpg", _picture("JPEG"), "image/jpeg"),
            ("a.JPEG", _picture("JPEG"), "image/jpeg"),
            ("a.png", _picture("PNG"), "image/png"),
            ("a.tif", _picture("TIFF"), "image/tiff"),
            ("scan", _picture("PNG"), "image/png"),
        ],
    )
    def test_knows_the_type_by_content(self, tmp_path, name, content, media_type):
        assert filing.inspect(_file(tmp_path, name, content), LIMIT) == (media_type, ())

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("a.pdf", b"", "file-empty"),
            ("a.pdf", b"%PDF-1.4" + b" " * LIMIT, "file-too-large"),
            ("a.pdf", b"MZ\x90\x00 This program", "file-type-unknown"),
            ("a.pdf", b"MZ %PDF-1.4", "file-type-unknown"),
            ("a.pdf", b"<html>%PDF-1.4", "file-type-unknown"),
            ("a.pdf", b"PK\x03\x04%PDF-", "file-type-unknown"),
            ("a.txt", b"text", "file-type-unknown"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file-type-unknown"),
            ("a.pdf", _picture("PNG"), "file-mislabelled"),
            ("a.png", b"%PDF-1.4\n", "file-mislabelled"),
            ("a.pdf.exe", b"%PDF-1.4\n", "file-mislabelled"),
        ],
    )
    def test_refuses(self, tmp_path, name, content, code):
        with pytest.raises(BadInput) as caught:
            filing.inspect(_file(tmp_path, name, content), LIMIT)
        assert (caught.value.code, caught.value.field) == (code, "files")
        assert caught.value.facts["file_name"] == name

    @pytest.mark.parametrize("name", ["gone.pdf", "no/such/folder.pdf", "nul\x00.pdf"])
    def test_refuses_what_is_not_there(self, tmp_path, name):
        with pytest.raises(BadInput, match="file-missing"):
            filing.inspect(tmp_path / name, LIMIT)

    def test_refuses_a_folder(self, tmp_path):
        with pytest.raises(BadInput, match="file-missing"):
            filing.inspect(tmp_path, LIMIT)

    def test_refuses_200_megabytes_without_reading_them(self, tmp_path):
        path = tmp_path / "big.pdf"
        with path.open("wb") as file:
            file.write(b"%PDF-1.4\n")
            file.truncate(200 * 1024 * 1024)
        tracemalloc.start()
        try:
            with pytest.raises(BadInput, match="file-too-large"):
                filing.inspect(path, 100 * 1024 * 1024)
            assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
        finally:
            tracemalloc.stop()


class TestPdfFlags:
    @pytest.mark.parametrize("packed", [True, False])
    @pytest.mark.parametrize(
        ("root", "flags"),
        [
            ("", ()),
            ("/OpenAction <</S/JavaScript/JS(app.alert(1))>>", ("automatic-action", "javascript")),
            ("/AA <</O <</S/Launch>>>>", ("automatic-action", "launch")),
            ("/Names <</EmbeddedFiles <</Names []>>>>", ("embedded-file",)),
            ("/AcroForm <</XFA []>>", ("xfa",)),
            ("/X <</S/URI/URI(http://x)>>", ("link",)),
            ("/X <</S/SubmitForm>>", ("submit-form",)),
            ("/X <</S/GoToE>>", ("opens-other-file",)),
            ("/X <</Subtype/RichMedia>>", ("rich-media",)),
        ],
    )
    def test_sees_what_a_pdf_can_do_even_in_object_streams(self, root, flags, packed):
        pdf = _pdf()
        for name, value in pikepdf.Object.parse(f"<<{root}>>".encode()).items():
            pdf.Root[name] = pdf.make_indirect(value)
        content = _saved(pdf, packed=packed)
        assert scanning.pdf_flags(content) == flags

    def test_reads_names_written_in_hexadecimal(self):
        assert scanning.pdf_flags(b"%PDF-1.4\n1 0 obj <</S/#4a#61vaScript/J#53(x)>> endobj") == (
            "javascript",
        )

    def test_sees_encryption(self):
        content = _saved(_pdf(), encryption=pikepdf.Encryption(owner="o", user="u"))
        assert scanning.pdf_flags(content) == ("encrypted",)

    def test_counts_pages(self):
        pdf = pikepdf.new()
        for _ in range(scanning.PAGES + 1):
            pdf.add_blank_page()
        assert scanning.pdf_flags(_saved(pdf)) == ("many-pages",)

    def test_a_word_in_a_page_is_no_flag(self):
        pdf = _pdf()
        pdf.pages[0].Contents = pdf.make_stream(b"BT (/JavaScript /Launch) Tj ET")
        assert scanning.pdf_flags(_saved(pdf)) == ()

    def test_a_bomb_is_unpacked_no_further_than_the_bound(self):
        machine = zlib.compressobj(9)
        megabyte = b"\0" * 1024 * 1024
        packed = b"".join(machine.compress(megabyte) for _ in range(300)) + machine.flush()
        head = b"%PDF-1.7\n1 0 obj <</Type/ObjStm/Filter/FlateDecode>> stream\n"
        content = head + packed + b"\nendstream endobj\n"
        tracemalloc.start()
        began = time.monotonic()
        try:
            flags = scanning.pdf_flags(content * 3)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert "expands-too-far" in flags
        assert peak < 4 * scanning.STREAM_LIMIT
        assert time.monotonic() - began < 10

    def test_many_small_bombs_share_one_bound(self):
        packed = zlib.compress(b"\0" * 15 * 1024 * 1024, 9)
        one = b"1 0 obj <</Filter/FlateDecode>> stream\n" + packed + b"\nendstream endobj\n"
        assert scanning.pdf_flags(b"%PDF-1.7\n" + one * 40) == ("expands-too-far",)

    @pytest.mark.parametrize(
        "content",
        [
            b"%PDF-1.4 stream\n",
            b"%PDF-1.4 /ObjStm /FlateDecode stream\nnot deflated endstream",
            b"%PDF-1.4 " + b"stream\n" * 1000,
            b"%PDF-1.4 endstream endstream stream\r\n\xff\xfe",
            b"%PDF-1.4 " + bytes(range(256)) * 50,
        ],
    )
    def test_damage_is_no_defect(self, content):
        scanning.pdf_flags(content)

    def test_damaged_objects_are_told(self):
        content = b"%PDF-1.7\n1 0 obj <</Type/ObjStm/Filter/FlateDecode>> stream\nnonsense\nendstream"
        assert scanning.pdf_flags(content) == ("damaged",)


class TestImages:
    def test_a_picture_that_promises_too_many_points_is_flagged(self):
        huge = bytearray(_picture("PNG"))
        huge[16:24] = (30_000).to_bytes(4, "big") * 2
        assert scanning.image_flags("image/png", bytes(huge)) == ("image-too-large",)

    def test_a_jpeg_says_its_size(self):
        content = bytearray(_picture("JPEG"))
        at = content.index(b"\xff\xc0")
        content[at + 5 : at + 9] = b"\xff\xff\xff\xff"
        assert scanning.image_flags("image/jpeg", bytes(content)) == ("image-too-large",)
        assert scanning.image_flags("image/jpeg", _picture("JPEG")) == ()
        assert scanning.image_flags("image/jpeg", b"\xff\xd8\xff\xe0") == ()


class TestNames:
    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("өтініш.pdf", "өтініш.pdf"),
            ("../../x", "x"),
            ("..\\..\\x.pdf", "x.pdf"),
            ("C:\\Windows\\a.pdf", "a.pdf"),
            ("/etc/passwd", "passwd"),
            ("a\x00b.pdf", "ab.pdf"),
            ("\u202efdp.exe", "fdp.exe"),
            ("CON.pdf", "_CON.pdf"),
            ("lpt1", "_lpt1"),
            ("a.pdf:stream", "a.pdf_stream"),
            ("a.pdf. . .", "a.pdf"),
            ('<b>"x"</b>', "b_"),
            ("", "file"),
            ("...", "file"),
            ("\n\r\t", "file"),
            ("\ud800.pdf", "pdf"),
        ],
    )
    def test_is_shown_and_saved_safely(self, name, safe):
        assert filing.safe_name(name) == safe

    def test_is_shortened_and_keeps_its_ending(self):
        name = filing.safe_name("ұ" * 500 + ".pdf")
        assert len(name) == filing.NAME_LENGTH
        assert name.endswith("ұ.pdf")


class TestAttach:
    def _attach(self, store, case_at, people, case_id, *files):
        filing.attach_files(store, people.executor, files=files, **case_at.seen(case_id))

    def test_keeps_contents_in_chunks_once(self, any_store, case_at, people, tmp_path):
        content = b"%PDF-1.4\n" + bytes(range(256)) * 9000
        first, second = _file(tmp_path, "a.pdf", content), _file(tmp_path, "b.pdf", content)
        case_id = case_at("check")
        self._attach(
            any_store, case_at, people, case_id, IncomingFile(first), IncomingFile(second, "diplomas")
        )
        with any_store.reading() as session:
            kept = session.scalars(select(Attachment).order_by(Attachment.id)).all()
            assert [(file.file_name, file.paper) for file in kept] == [("a.pdf", None), ("b.pdf", "diplomas")]
            assert kept[0].sha256 == kept[1].sha256
            assert session.get_one(Blob, kept[0].sha256).size == len(content)

    def test_keeps_the_warnings(self, store, case_at, people, tmp_path):
        path = _file(tmp_path, "a.pdf", b"%PDF-1.4\n1 0 obj <</JS (x)>> endobj")
        self._attach(store, case_at, people, case_at("check"), IncomingFile(path))
        with store.reading() as session:
            assert session.scalars(select(Attachment.flags)).one() == ["javascript"]

    def test_of_several_files_all_or_none(self, store, case_at, people, tmp_path):
        good, bad = _file(tmp_path, "a.pdf", b"%PDF-1.4\n"), _file(tmp_path, "b.pdf", b"")
        case_id = case_at("check")
        before = world(store)
        with pytest.raises(BadInput, match="file-empty"):
            self._attach(store, case_at, people, case_id, IncomingFile(good), IncomingFile(bad))
        with pytest.raises(BadInput, match="paper-unknown"):
            self._attach(store, case_at, people, case_id, IncomingFile(good), IncomingFile(good, "visa"))
        with pytest.raises(BadInput, match="field-required"):
            self._attach(store, case_at, people, case_id)
        assert world(store) == before
