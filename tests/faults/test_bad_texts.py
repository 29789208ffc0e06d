"""What a person may type or paste, from the form through the rows to the workbook and the paper."""

import subprocess
import time
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from desktop.cases import deciding, registering, routing, signing_in
from desktop.documents import registers_xlsx
from desktop.documents.drawing import draw
from desktop.documents.register_columns import filter_words
from desktop.errors import BadInput, NotAllowed
from desktop.queries import case_card, duplicates, journal, papers, registers
from desktop.queries.rows import RegisterFilter
from desktop.regulation.model import Act, Effect
from desktop.store.database import Store
from tests import story
from tests.cases.world import world
from tests.clock import OFFICE_ZONE

MEGABYTE = "ұ" * 1_000_000
# what is typed, what is kept
NAMES = [
    ("ТОО «Роза» & \"Gül\" <b>'O`Brien'</b>", "ТОО «Роза» & \"Gül\" <b>'O`Brien'</b>"),
    ('<img src="//host/x.png"><script>alert(1)</script>', '<img src="//host/x.png"><script>alert(1)</script>'),
    ("Ро\u202eмашка\u202c \u2067ltd\u2069", "Ромашка ltd"),
    ("А\x00Б\x1b[31mВ", "АБ[31mВ"),
    ("=HYPERLINK(\"http://x\")", '=HYPERLINK("http://x")'),
    ("#panic(\"typst\") $x$ *b* @ref //", '#panic("typst") $x$ *b* @ref //'),
    ("'); DROP TABLE case_file; -- %s {0}", "'); DROP TABLE case_file; -- %s {0}"),
    ("\ud800\uffff ЖШС", "ЖШС"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_a_name_is_the_same_text_in_rows_workbook_and_paper(
    any_store, case_at, people, tmp_path, typed, kept
):
    case_id = case_at("decide", holder_kk=typed, holder_ru=typed, holder_address=typed, site=typed)
    document_id = _drafted(any_store, case_at, people, case_id)

    card = case_card.case_card(any_store, people.executor, case_id=case_id)
    assert (card.holder.kk, card.holder.ru) == (kept, kept)
    everything = RegisterFilter()
    (row,) = registers.applications(any_store, people.executor, filter=everything).rows
    assert row.holder.kk == kept
    words = RegisterFilter(text=kept)
    assert registers.count_applications(any_store, people.executor, filter=words) == 1

    path = tmp_path / "applications.xlsx"
    heading = registers_xlsx.Heading(
        row.service, filter_words(words), datetime(2018, 6, 12, 9, tzinfo=OFFICE_ZONE)
    )
    rows = registers.stream_applications(any_store, people.executor, filter=everything)
    assert registers_xlsx.write(path, kind="applications", rows=rows, heading=heading) == 1
    cells = [cell for line in openpyxl.load_workbook(path).active.iter_rows() for cell in line]
    assert any(str(cell.value) == kept for cell in cells)
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "d"}

    _, pdf = papers.document_bytes(any_store, people.executor, document_id=document_id)
    assert _bare(kept) in _bare(_text(pdf))


def _drafted(store: Store, case_at, people, case_id: int) -> int:
    operation = case_at.operation(case_id)
    return deciding.draft(
        store,
        people.executor,
        outcome=case_at.outcome(case_id, Act.DECIDE, Effect.GRANT),
        checks=story.good_checks(operation),
        grounds=(),
        note_kk="",
        note_ru="",
        licence_number=None,
        draw=draw,
        **case_at.seen(case_id),
    )


def _text(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() or letter in "<>=#$@")


def test_an_emoji_is_refused_at_its_field_before_anything_is_kept(store, people):
    before = world(store)
    with pytest.raises(BadInput) as caught:
        registering.register_application(
            store, people.clerk, application=story.application(store, holder_ru="ТОО 🦷"), draw=draw
        )
    assert (caught.value.code, caught.value.facts["character"]) == ("text-not-printable", "🦷")
    assert world(store) == before


@pytest.mark.parametrize(
    "field",
    ["identifier", "holder_kk", "holder_ru", "holder_address", "site", "phone", "email", "representative",
     "power_of_attorney", "outside_number", "fee_receipt", "kbk"],
)  # fmt: skip
def test_a_megabyte_in_a_field_is_refused_at_once(store, people, field):
    form = story.application(store, **{field: MEGABYTE})
    began = time.monotonic()
    with pytest.raises(BadInput) as caught:
        registering.register_application(store, people.clerk, application=form, draw=story.draw)
    assert caught.value.field == field
    assert time.monotonic() - began < 5


def test_a_megabyte_as_a_reason_is_refused(store, case_at, people):
    case_id = case_at("decide")
    before = world(store)
    with pytest.raises(BadInput, match="too-long"):
        routing.withdraw(store, people.clerk, reason=MEGABYTE, **case_at.seen(case_id))
    assert world(store) == before


SEARCHES = ["\x00", "а\x00б", "\ud800", "\udfff1", "%", "_", "\\", "'", '"', '" OR *', "*", "(", "NEAR(а б)",
            "search:x", "^а", "-", "😀", "\u202e", " \t\n", MEGABYTE]  # fmt: skip


@pytest.mark.parametrize("words", SEARCHES, ids=lambda words: ascii(words)[:20])
def test_whatever_is_searched_for_is_found_or_not(any_store, case_at, people, words):
    case_at("assign", holder_kk="ЖШС «100%_\\» \"'*(")
    chosen = RegisterFilter(text=words)
    found = registers.applications(any_store, people.auditor, filter=chosen).rows
    assert registers.count_applications(any_store, people.auditor, filter=chosen) == len(found)
    assert registers.licences(any_store, people.auditor, filter=chosen).rows == () or not words.strip()
    assert len(list(registers.stream_applications(any_store, people.auditor, filter=chosen))) == len(found)
    journal.entries(any_store, people.auditor, text=words)
    asked = duplicates.possible(
        any_store,
        people.clerk,
        application=story.application(any_store, identifier=words, site=words, sub_types=("none",)),
    )
    assert asked == ()


@pytest.mark.parametrize("typed", ["\x00", "әкім\x00", "\ud800", "' OR 1=1 --", "😀", MEGABYTE])
def test_a_strange_login_or_password_is_only_wrong(any_store, typed):
    # on PostgreSQL the server has asked for the password before anybody is signed in
    strange = [(typed, "x"), ("clerk", typed)][: 1 if any_store.dialect == "postgresql" else 2]
    for login, password in strange:
        with pytest.raises(NotAllowed, match="sign-in-wrong"):
            signing_in.sign_in(any_store, login=login, password=password, workstation=typed[:50])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("received_at", datetime.min.replace(tzinfo=OFFICE_ZONE)),
        ("received_at", datetime.max.replace(tzinfo=OFFICE_ZONE)),
        ("fee_paid_on", date.min),
        ("fee_paid_on", date.max),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(store, people, field, value):
    before = world(store)
    with pytest.raises(BadInput) as caught:
        registering.register_application(
            store, people.clerk, application=story.application(store, **{field: value}), draw=story.draw
        )
    assert caught.value.field == field
    assert world(store) == before


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_register_can_be_asked_for_any_days(any_store, case_at, people, day):
    case_at("assign")
    chosen = RegisterFilter(first_day=day, last_day=day)
    assert registers.applications(any_store, people.auditor, filter=chosen).rows == ()
    assert journal.entries(any_store, people.auditor, first_day=day, last_day=day).rows == ()


def test_nothing_of_a_path_is_left_in_a_files_name(tmp_path: Path):
    """The names a test of the files does not reach: those the file system itself allows."""
    from desktop.cases import filing

    for name in ("..\\..\\x.pdf", "a\nb.pdf", "\u202efdp.scan.pdf", "<img src=x>.pdf", "'; --.pdf", "😀.pdf"):
        path = tmp_path / name
        path.write_bytes(b"%PDF-1.4\n%%EOF\n")
        assert filing.inspect(path, 1000)[0] == "application/pdf"
        safe = filing.safe_name(path.name)
        assert safe == Path(safe).name
        assert not set(safe) & set('<>:"/\\|?*\n\u202e')
