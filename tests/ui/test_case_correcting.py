"""What the act asks for is corrected in the case's window: texts, days, choices, and the licence it is about."""

import pytest

from desktop.cases import office
from desktop.regulation.model import Act, OfficeMove, Role
from desktop.ui import journal_sentences
from tests.cases.office_commands import shipped_pack
from tests.regulation.many_packs import many_pack
from tests.ui.case_window import Window


@pytest.fixture
def opened(make_desk, store, people, case_at):
    """A re-issue of the register's only licence, at the decision, in the dialog of a correction."""
    made: list[Window] = []
    case_at("licence")
    sha256 = office.load_regulation(
        store, people.administrator, text=many_pack(shipped_pack()), name="many.toml"
    )
    case_id = case_at(
        Act.DECIDE,
        regulation_sha256=sha256,
        operation="reissue",
        sub_types=("phc-qualified",),
        details=(("of", "18000001"), ("why", "name")),
    )

    def make(actor):
        window = Window(make_desk(*actor.roles, store=store), actor, case_id)
        made.append(window)
        chosen = next(one for one in window.card.moves if one.move is OfficeMove.CORRECT)
        window.screen._open_move(chosen)
        return window, window.screen.dialog

    yield make
    for window in made:
        window.close()


def said(window: Window) -> dict[str, str]:
    return {row.field.id: row.text for row in window.card.asked}


def test_a_choice_and_a_day_and_the_history_tells_it(opened, people):
    window, dialog = opened(people.executor)
    assert "details.of" not in dialog.form.names(), "he does not see the register"
    why, since = (dialog.form.field(f"details.{name}") for name in ("why", "since"))
    why.editor.setCurrentIndex(why.editor.findData("lost"))
    since.editor.setText("32.13.2018")
    dialog.reason.editor.setPlainText("Қате терілген")
    dialog.do.click()
    assert since.problem
    since.editor.setText("1.6.18")
    dialog.do.click()
    assert window.desk.told.codes == []
    assert said(window) == {"of": "18000001", "why": "lost", "since": "2018-06-01"}
    told = journal_sentences.sentence(window.card.history[-1], window.desk.language)
    assert "“Атауы өзгерді” → “Жоғалды”" in told


def test_another_licence_is_confirmed_as_older_than_the_register(opened, people):
    window, dialog = opened(people.clerk)
    number = dialog.form.field("details.of")
    number.editor.setText("001638DF")
    dialog.reason.editor.setPlainText("Қате терілген")
    assert not dialog.older.isVisible()
    dialog.do.click()
    assert number.problem
    assert dialog.older.isVisible()
    dialog.older.set_checked(True)
    dialog.do.click()
    assert dialog.issued_on.problem
    dialog.issued_on.editor.setText("04.05.2009")
    dialog.do.click()
    assert window.desk.told.codes == []
    (kept, *_) = window.card.licences
    assert (kept.number, kept.issued_on.year) == ("001638DF", 2009)


def test_nothing_is_asked_of_a_case_whose_act_asks_nothing(make_desk, store, people, case_at):
    window = Window(make_desk(Role.CLERK, store=store), people.clerk, case_at(Act.CHECK))
    chosen = next(one for one in window.card.moves if one.move is OfficeMove.CORRECT)
    window.screen._open_move(chosen)
    assert not any(name.startswith("details.") for name in window.screen.dialog.form.names())
    assert not window.screen.dialog.issued_on.isVisible()
    window.close()
