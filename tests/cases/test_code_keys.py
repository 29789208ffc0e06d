"""The department's key of codes: put into use, replaced, retired; when a page gets its code and keeps it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desktop.cases import code_keys, signing
from desktop.cases.code_keys import retire_code_key, set_code_key
from desktop.eds.codes import keys
from desktop.eds.codes.making import CodeSigner
from desktop.eds.codes.papers import PaperCoder
from desktop.eds.codes.reading import read_code
from desktop.eds.codes.trust import CodeTrust
from desktop.errors import BadInput, NotAllowed
from desktop.models import CaseDocument, CodeKey, JournalEntry
from desktop.queries import code_keys as queries
from desktop.regulation.model import DocumentKind, Effect
from desktop.store.database import Store
from tests import story
from tests.cases.pems import certificate, code_certificate
from tests.office import People

FROM = datetime(2018, 1, 1, tzinfo=UTC)


class Key:
    def __init__(self, valid_from: datetime = FROM) -> None:
        key, self.certificate = keys.make(name="Басқарма", bin="050140003412", valid_from=valid_from)
        self.coder = PaperCoder(CodeSigner(self.certificate, keys.software(key)))


@pytest.fixture
def key() -> Key:
    return Key()


def _prepare(
    store: Store, case_at: Any, people: People, case_id: int, coder: PaperCoder | None
) -> signing.Prepared:
    return signing.prepare(store, people.head, draw=story.draw, coder=coder, **case_at.seen(case_id))


def _facts(store: Store, prepared: signing.Prepared) -> dict[str, Any]:
    with store.reading() as session:
        return session.get_one(CaseDocument, prepared.document_id).facts


def test_one_key_is_in_use_and_old_ones_stay(any_store: Store, people: People, clock) -> None:
    first, second = Key(), Key()
    set_code_key(any_store, people.administrator, pem=first.certificate.pem)
    clock.forward(days=1)
    set_code_key(any_store, people.administrator, pem=second.certificate.pem)
    rows = queries.code_keys(any_store, people.administrator)
    assert [(row.kid, row.in_use) for row in rows] == [
        (second.certificate.kid.hex(), True),
        (first.certificate.kid.hex(), False),
    ]
    assert queries.code_keys(any_store, None) == rows
    with any_store.reading() as session:
        told = session.scalars(
            select(JournalEntry).where(JournalEntry.event == "code-key-set").order_by(JournalEntry.id)
        ).all()
    assert [entry.facts["replaces"] for entry in told] == ["", first.certificate.kid.hex()]
    retire_code_key(any_store, people.administrator)
    assert [row.in_use for row in queries.code_keys(any_store, people.administrator)] == [False, False]
    with pytest.raises(NotAllowed, match="code-key-none"):
        retire_code_key(any_store, people.administrator)
    with pytest.raises(BadInput, match="code-key-known"):
        set_code_key(any_store, people.administrator, pem=first.certificate.pem)


@pytest.mark.parametrize(
    ("pem", "code"),
    [
        ("no", "certificate-unreadable"),
        (certificate(), "code-certificate-unfit"),
        (code_certificate(days=30), "certificate-over"),
    ],
)
def test_a_certificate_that_cannot_stand_for_codes_is_refused(
    store: Store, people: People, pem: str, code: str
) -> None:
    with pytest.raises(BadInput, match=code):
        set_code_key(store, people.administrator, pem=pem)
    assert queries.code_keys(store, people.administrator) == ()


def test_a_key_that_names_another_department_is_refused(any_store: Store, people: People) -> None:
    """Its codes would be taken for forged by everybody who reads them."""
    _, foreign = keys.make(name="Басқа", bin="150540004327", valid_from=FROM)
    with pytest.raises(BadInput, match="code-key-foreign"):
        set_code_key(any_store, people.administrator, pem=foreign.pem)
    assert queries.code_keys(any_store, people.administrator) == ()


def test_only_the_administrator_sets_a_key(any_store: Store, people: People) -> None:
    for person in (people.head, people.clerk, people.auditor):
        with pytest.raises(NotAllowed, match="role-may-not"):
            set_code_key(any_store, person, pem=code_certificate())


def test_a_draft_marks_the_place_only_where_there_is_a_key(
    store: Store, people: People, case_at, key: Key
) -> None:
    without = case_at("sign")
    with store.reading() as session:
        drafts = session.scalars(select(CaseDocument.facts).where(CaseDocument.state == "draft")).all()
    assert [facts["code_awaited"] for facts in drafts] == [False]
    assert _prepare(store, case_at, people, without, key.coder).code == "no-key"
    set_code_key(store, people.administrator, pem=key.certificate.pem)
    later = case_at("sign")
    with store.reading() as session:
        facts = session.scalars(
            select(CaseDocument.facts).where(CaseDocument.case_id == later, CaseDocument.kind == "licence")
        ).one()
    assert (facts["code_awaited"], facts["code"]) == (True, "")


def test_the_page_gets_its_code_when_it_is_prepared_and_keeps_it(
    any_store: Store, people: People, case_at, key: Key
) -> None:
    set_code_key(any_store, people.administrator, pem=key.certificate.pem)
    case_id = case_at("sign")
    prepared = _prepare(any_store, case_at, people, case_id, key.coder)
    assert prepared.code == "coded"
    facts = _facts(any_store, prepared)
    assert facts["code"].encode() in prepared.pdf
    seen = read_code(facts["code"], CodeTrust([key.certificate]))
    assert seen.valid
    assert (seen.facts.number, seen.facts.paper) == (prepared.number, "licence")
    assert seen.facts.identifier == facts["holder"]["identifier"]
    assert seen.facts.sub_types == tuple(one["kk"] for one in facts["sub_types"])
    # a crash, another start of the program where the key is not open: the very same bytes
    assert _prepare(any_store, case_at, people, case_id, key.coder) == prepared
    assert _prepare(any_store, case_at, people, case_id, None) == prepared
    signing.record(
        any_store,
        people.head,
        case_id=case_id,
        seen_version=prepared.version,
        document_id=prepared.document_id,
        signed=story.sign(prepared.pdf, case_at.iin(people.head)),
        verify=story.verify,
    )


def test_a_key_that_is_not_open_leaves_the_address_alone_until_it_is(
    store: Store, people: People, case_at, key: Key
) -> None:
    set_code_key(store, people.administrator, pem=key.certificate.pem)
    case_id = case_at("sign")
    without = _prepare(store, case_at, people, case_id, None)
    facts = _facts(store, without)
    assert (without.code, facts["code"], facts["code_awaited"]) == ("closed", "", False)
    assert _prepare(store, case_at, people, case_id, None) == without
    with_code = _prepare(store, case_at, people, case_id, key.coder)
    assert with_code.code == "coded"
    assert with_code.number == without.number


def test_after_a_change_of_keys_the_page_is_drawn_anew(
    any_store: Store, people: People, case_at, key: Key
) -> None:
    set_code_key(any_store, people.administrator, pem=key.certificate.pem)
    case_id = case_at("sign")
    first = _prepare(any_store, case_at, people, case_id, key.coder)
    second = Key()
    set_code_key(any_store, people.administrator, pem=second.certificate.pem)
    with pytest.raises(NotAllowed, match="code-key-retired"):
        _prepare(any_store, case_at, people, case_id, key.coder)
    anew = _prepare(any_store, case_at, people, case_id, second.coder)
    assert (anew.number, anew.code) == (first.number, "coded")
    assert _facts(any_store, anew)["code_key"] == second.certificate.kid.hex()
    retire_code_key(any_store, people.administrator)
    bare = _prepare(any_store, case_at, people, case_id, None)
    assert (bare.number, bare.code) == (first.number, "no-key")


def test_a_key_out_of_date_makes_no_code_and_nothing_is_changed(
    store: Store, people: People, case_at
) -> None:
    late = Key(FROM + timedelta(days=400))
    set_code_key(store, people.administrator, pem=late.certificate.pem)
    case_id = case_at("sign")
    before = case_at.version(case_id)
    with pytest.raises(NotAllowed, match="code-key-not-in-date"):
        _prepare(store, case_at, people, case_id, late.coder)
    assert case_at.version(case_id) == before
    assert _prepare(store, case_at, people, case_id, None).code == "closed"


def test_a_refusal_bears_its_code_too(store: Store, people: People, case_at, key: Key) -> None:
    set_code_key(store, people.administrator, pem=key.certificate.pem)
    case_id = case_at("sign", answer=Effect.DOES_NOT_CONFORM)
    prepared = _prepare(store, case_at, people, case_id, key.coder)
    assert prepared.kind is DocumentKind.REFUSAL
    assert prepared.code == "coded"


def test_the_certificate_of_the_row_is_the_keys_own(store: Store, people: People, key: Key) -> None:
    set_code_key(store, people.administrator, pem=key.certificate.pem, is_demo=True)
    with store.reading() as session:
        row = code_keys.key_in_use(session)
        assert isinstance(row, CodeKey)
        assert (row.sha256, row.kid, row.pem) == (
            key.certificate.sha256,
            key.certificate.kid.hex(),
            key.certificate.pem,
        )
        assert (row.valid_from, row.valid_to) == (key.certificate.not_before, key.certificate.not_after)
    assert replace(queries.code_keys(store, None)[0]).is_demo
