"""The log of a whole story, with its refusals and its defects, says nothing of whom it was about."""

import logging

import pytest

from desktop import logs
from desktop.cases import routing, signing_in
from desktop.errors import NotAllowed, Told
from desktop.queries import registers
from desktop.queries.rows import RegisterFilter
from desktop.ui import signing_flow
from tests import office
from tests.faults import pages
from tests.faults.conftest import PIN

HOLDER = "Құпиябаев Сырбай Жасырынұлы"
SITE = "Орал қ., Жасырын көш., 77"
PHONE = "+7 701 555 44 33"


@pytest.fixture
def log_file(tmp_path):
    path = logs.start(tmp_path / "log")
    yield path
    logs.stop()


def test_nothing_personal_reaches_the_log(store, case_at, people, clock, trusted, key_file, log_file):
    from desktop.ui.messages import Notices

    notices = Notices()
    trusted(store)
    with pytest.raises(NotAllowed):
        signing_in.sign_in(store, login="head", password="not-" + office.PASSWORD, workstation="WS-1")
    signing_in.sign_in(store, login="head", password=office.PASSWORD, workstation="WS-1")
    case_id = case_at("sign", holder_kk=HOLDER, holder_ru=HOLDER, site=SITE, phone=PHONE, draw=pages.draw)
    seen = case_at.seen(case_id)
    key = signing_flow.Key(**key_file)
    prepared, signer = signing_flow.gather(store, people.head, draw=pages.draw, **seen)
    refusals = []
    try:
        signing_flow.check_and_sign(prepared=prepared, signer=signer, key=key, pin="wrong-" + PIN)
    except Told as told:
        refusals.append(told)
    signed = signing_flow.check_and_sign(prepared=prepared, signer=signer, key=key, pin=PIN)
    signing_flow.record(
        store,
        people.head,
        signer=signer,
        case_id=case_id,
        seen_version=prepared.version,
        document_id=prepared.document_id,
        signed=signed,
    )
    try:
        routing.withdraw(store, people.clerk, reason=HOLDER, **seen)
    except Told as told:
        refusals.append(told)
    registers.applications(store, people.auditor, filter=RegisterFilter(text=HOLDER))
    try:
        with store.writing() as session:  # a defect of ours, whose statement quotes a person
            session.connection().exec_driver_sql(
                "INSERT INTO person (login, name_kk) VALUES (?, ?)", ("head", HOLDER)
            )
    except Exception as error:
        refusals.append(error)
    for refusal in refusals:
        notices.tell(refusal)
        logging.getLogger("desktop").error("it failed", exc_info=refusal)
    assert len(refusals) == 3
    logs.stop()

    text = log_file.read_text(encoding="utf-8")
    assert "IntegrityError" in text
    assert "case-moved-on" in text
    secrets = [PIN, office.PASSWORD, HOLDER, *HOLDER.split(), SITE, "Жасырын", PHONE, "5554433", "555 44 33"]
    for person in office._PEOPLE:
        secrets += [*person[1].split(), *person[2].split(), *filter(None, [person[3]])]
    secrets += ["210440038887", "050140003412", "БАСШЫБАЕВ"]
    assert [secret for secret in secrets if secret.casefold() in text.casefold()] == []
