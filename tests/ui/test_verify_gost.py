"""The verify screen and a PDF signed with GOST: what it says, and that it is a technical check."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import typst

from desktop.cases import office as commands
from desktop.documents import verification
from desktop.eds.certificates import to_pem
from desktop.eds.pdf_embedding import begin
from desktop.ui.screens.verify import VerifyScreen
from desktop.ui.screens.verify_parts import protocol
from desktop.ui.widgets.plain import PlainLabel
from tests.eds.gost import making, xml_making
from tests.eds.gost.messages import Shape, signed
from tests.office import confirm_all


def test_a_gost_signature_is_judged_and_said_to_be_a_technical_check(
    qtbot, make_desk, store, people, tmp_path: Path
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    authority = making.authority()
    holder = authority.issue(valid_from=now - timedelta(days=10))
    at = now - timedelta(hours=1)
    begun = begin(typst.compile(b"= Licence", format="pdf"), at=at, reason="", name="")
    paper = tmp_path / "licence.pdf"
    shape = Shape(signed_at=at, more=[authority.issuing.der])
    paper.write_bytes(begun.finish(signed(begun.to_sign, [holder], shape)))
    commands.add_trust_root(store, people.administrator, pem=to_pem(authority.root.der), is_demo=False)
    confirm_all(store)
    desk = make_desk(store=store)
    desk.actor = people.clerk
    screen = VerifyScreen(desk)
    qtbot.addWidget(screen)
    screen.show()
    screen.check(str(paper))
    told = "\n".join(label.text() for label in screen.facts.findChildren(PlainLabel))
    assert screen.head.property("notice") == "done"
    assert making.IIN in told
    assert "technical check" in told
    assert "KalkanCrypt" in told
    facts = protocol.facts_of(screen._checked, "clerk")
    assert "KalkanCrypt" in facts["signatures"][0]["technical"]["kk"]
    assert verification.draw(facts, now).startswith(b"%PDF-")


def test_an_xml_says_that_no_moment_is_stated(qtbot, make_desk, store, people, tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    authority = making.authority()
    holder = authority.issue(valid_from=now - timedelta(days=10))
    paper = tmp_path / "request.xml"
    paper.write_bytes(xml_making.signed(xml_making.DOCUMENT, xml_making.by_gost(holder)))
    for holder_of in (authority.root, authority.issuing):
        commands.add_trust_root(store, people.administrator, pem=to_pem(holder_of.der), is_demo=False)
    confirm_all(store)
    desk = make_desk(store=store)
    desk.actor = people.clerk
    screen = VerifyScreen(desk)
    qtbot.addWidget(screen)
    screen.show()
    screen.check(str(paper))
    told = [label.text() for label in screen.facts.findChildren(PlainLabel)]
    assert screen.head.property("notice") == "done"
    assert "not stated" in told
    assert verification.draw(protocol.facts_of(screen._checked, "clerk"), now).startswith(b"%PDF-")
