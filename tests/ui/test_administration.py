"""The administrator's screen, on a real store: what is typed is kept, refused at its field, or shown as it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop import resources
from desktop.cases import office as commands
from desktop.cases.confirming import confirm
from desktop.eds.demo_ca import DemoAuthority
from desktop.models import Office
from desktop.queries import office as queries
from desktop.queries.confirming import waiting
from desktop.queries.office_calendar import calendar_year
from desktop.queries.regulations import regulations
from desktop.regulation.model import Role
from desktop.ui import theme
from desktop.ui.screens.administration import SECTIONS, AdministrationScreen
from desktop.ui.screens.administration_parts.hours_text import read_hours, write_hours
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.widgets.tab_order import stops
from tests.ui.room import tight

Open = Callable[..., AdministrationScreen]


@pytest.fixture(scope="module")
def authority() -> DemoAuthority:
    return DemoAuthority(valid_from=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def root(authority: DemoAuthority) -> str:
    return authority.root_pem


@pytest.fixture
def opened(qtbot, make_desk, store, people) -> Open:
    """Open the screen as somebody, at a section."""

    def open_as(who: str, section: str = "office") -> AdministrationScreen:
        desk = make_desk(store=store)
        desk.actor = getattr(people, who)
        screen = AdministrationScreen(desk)
        qtbot.addWidget(screen)
        screen.resize(1180, 760)
        screen.show()
        screen.go(section)
        return screen

    return open_as


def _type(section: Section, **texts: str) -> None:
    for key, text in texts.items():
        section.form.field(key).editor.setText(text)


# the office


def test_a_new_name_is_saved_and_journalled(opened: Open, store) -> None:
    screen = opened("administrator")
    section = screen.section
    assert not section.save.isEnabled()
    _type(section, name_kk="Жаңа басқарма")
    assert section.is_dirty()
    section.save.click()
    assert queries.office(store).name.kk == "Жаңа басқарма"
    assert not section.is_dirty()
    assert screen.desk.told.only().kind == "done"
    assert screen.desk.changes[-1].office


def test_a_wrong_bin_is_told_while_it_is_typed_and_refused(opened: Open, store) -> None:
    screen = opened("administrator")
    section = screen.section
    _type(section, bin="050140003413")
    assert section.form.field("bin").problem
    section.save.click()
    assert section.form.field("bin").problem
    assert screen.desk.told.notices == []
    assert queries.office(store).bin == "050140003412"


def test_a_template_without_a_number_is_refused_at_its_field(opened: Open) -> None:
    section = opened("administrator").section
    _type(section, licence_template="{year}")
    section.save.click()
    assert section.form.field("licence_template").problem


def test_what_is_typed_survives_a_refresh_and_a_colleague_is_not_overwritten(
    opened: Open, store, people
) -> None:
    screen = opened("administrator")
    section = screen.section
    _type(section, place_ru="Уральск")
    commands.set_office(store, people.administrator, changes={"place_kk": "Орал"})
    screen.refresh()
    assert section.form.field("place_ru").editor.text() == "Уральск"
    section.save.click()
    assert screen.desk.told.codes == ["office-moved-on"]
    section.undo.click()
    assert section.form.field("place_kk").editor.text() == "Орал"


def test_leaving_with_something_typed_asks(opened: Open) -> None:
    screen = opened("administrator")
    assert screen.may_close()
    _type(screen.section, name_ru="Другое")
    screen.desk.answers.yes = [False]
    assert not screen.may_close()
    assert len(screen.desk.answers.asked) == 1


# people


def test_a_person_is_added(opened: Open, store, people) -> None:
    screen = opened("administrator", "people")
    section = screen.section
    section.add.click()
    _type(
        section, name_kk="Жаңа Қызметкер", name_ru="Новый Сотрудник", login="zhana", password="Orda-1812",
        iin="880808450057",
    )  # fmt: skip
    section.roles[Role.EXECUTOR].setChecked(True)
    section.save.click()
    added = next(row for row in queries.people(store, people.administrator) if row.login == "zhana")
    assert added.roles == frozenset({Role.EXECUTOR})
    assert section.form_title.text() == "Новый Сотрудник"
    assert not section.is_dirty()


def test_what_is_wrong_with_a_person_stands_at_the_field(opened: Open) -> None:
    section = opened("administrator", "people").section
    section.add.click()
    _type(section, name_kk="А", name_ru="А", login="x", password="123")
    section.roles[Role.CLERK].setChecked(True)
    section.save.click()
    assert section.form.field("login").problem
    _type(section, login="zhana")
    section.save.click()
    assert section.form.field("password").problem
    _type(section, iin="880808450058")
    assert "digit by digit" in section.form.field("iin").problem


def _person(section: Section, login: str) -> None:
    section.table.put_cursor(section.table.rows.find(lambda row: row.login == login))


def test_a_person_is_blocked_and_let_in_again(opened: Open, store, people) -> None:
    screen = opened("administrator", "people")
    section = screen.section
    _person(section, "clerk")
    section.block.click()
    rows = {row.login: row for row in queries.people(store, people.administrator)}
    assert not rows["clerk"].active
    assert section.block.text() == "Let in again"
    section.block.click()
    rows = {row.login: row for row in queries.people(store, people.administrator)}
    assert rows["clerk"].active
    assert len(screen.desk.answers.asked) == 1


def test_nobody_blocks_himself(opened: Open) -> None:
    screen = opened("administrator", "people")
    _person(screen.section, "administrator")
    screen.section.block.click()
    assert screen.desk.told.codes == ["block-yourself"]


def test_a_password_is_reset(opened: Open, store) -> None:
    from desktop.cases.signing_in import sign_in

    section = opened("administrator", "people").section
    _person(section, "clerk")
    assert not section.reset.isEnabled()
    _type(section, password="Jana-qupiia-1")
    section.reset.click()
    assert section.form.field("password").editor.text() == ""
    assert sign_in(store, login="clerk", password="Jana-qupiia-1", workstation="x").login == "clerk"


def test_another_person_is_not_shown_over_what_is_typed(opened: Open) -> None:
    screen = opened("administrator", "people")
    section = screen.section
    _person(section, "clerk")
    _type(section, position_ru="Архивариус")
    screen.desk.answers.yes = [False]
    _person(section, "head")
    assert section.form.field("login").editor.text() == "clerk"
    assert section.table.current_row().login == "clerk"


# the acting head


def test_an_acting_head_is_appointed_and_ended(opened: Open, store, people) -> None:
    screen = opened("administrator", "acting")
    section = screen.section
    person = section.form.field("person_id").editor
    person.setCurrentIndex(person.findData(people.department_head.person_id))
    _type(section, order_number="45-ж")
    for key, day in (("order_date", 8), ("first_day", 11), ("last_day", 22)):
        section.form.field(key).editor.set_day(date(2018, 6, day))
    section.appoint.click()
    row = queries.acting_heads(store, people.administrator)[0]
    assert (row.order_number, row.first_day, row.last_day) == ("45-ж", date(2018, 6, 11), date(2018, 6, 22))
    _type(section, order_number="46-ж")
    section.form.field("last_day").editor.set_day(date(2018, 6, 1))
    section.form.field("order_date").editor.set_day(date(2018, 6, 8))
    section.form.field("first_day").editor.set_day(date(2018, 6, 11))
    section.appoint.click()
    assert section.form.field("last_day").problem


# hours and days


def test_hours_are_typed_as_people_write_them() -> None:
    assert read_hours("9:00 - 13.00; 1430–1830", field="x") == (("09:00", "13:00"), ("14:30", "18:30"))
    assert read_hours("  ", field="x") == ()
    assert write_hours((("09:00", "13:00"),)) == "09:00–13:00"


def test_new_hours_count_from_their_date(opened: Open, store, people) -> None:
    section = opened("administrator", "hours").section
    section.form.field("valid_from").editor.set_day(date(2019, 1, 1))
    _type(section, day0="08:00-12:00, 13:00-17:00")
    section.like_monday.click()
    section.save.click()
    kept = {
        (row.valid_from, row.weekday): row.intervals for row in queries.hours(store, people.administrator)
    }
    assert kept[(date(2019, 1, 1), 4)] == (("08:00", "12:00"), ("13:00", "17:00"))
    assert (date(2019, 1, 1), 5) not in kept


@pytest.mark.parametrize("wrong", ["18:00-09:00", "9-18", "25:00-26:00", "09:00-13:00, 12:00-18:00"])
def test_impossible_hours_are_refused_at_their_weekday(opened: Open, wrong: str) -> None:
    section = opened("administrator", "hours").section
    _type(section, day2=wrong)
    section.save.click()
    assert section.form.field("day2").problem


def test_the_year_knows_holidays_and_moved_days(opened: Open) -> None:
    section = opened("administrator", "days").section
    days = {row.day: row for row in section.table.rows.rows}
    assert not days[date(2018, 7, 6)].working
    assert days[date(2018, 3, 3)].working
    section.view.choose(date(2018, 7, 6))
    assert "Holiday" in section.day_why.text()
    section.back.click()
    assert section.year_label.text() == "2017"


def test_a_day_off_is_set_and_taken_back(opened: Open, store, people) -> None:
    screen = opened("administrator", "days")
    section = screen.section
    section.view.choose(date(2018, 7, 5))
    section.off.setChecked(True)
    section.save.click()
    assert section.form.field("reason_kk").problem
    _type(section, reason_kk="Қала күні", reason_ru="День города")
    section.save.click()
    row = next(
        row for row in calendar_year(store, people.auditor, year=2018).days if row.day == date(2018, 7, 5)
    )
    assert (row.working, row.code) == (False, "override-day-off")
    section.remove.click()
    row = next(
        row for row in calendar_year(store, people.auditor, year=2018).days if row.day == date(2018, 7, 5)
    )
    assert row.working


def test_a_saturday_is_made_a_working_day(opened: Open, store, people) -> None:
    section = opened("administrator", "days").section
    section.view.choose(date(2018, 7, 7))
    assert section.worked.isChecked()
    _type(section, reason_kk="Ауысым", reason_ru="Перенос", intervals="10:00-14:00")
    section.save.click()
    row = next(
        row for row in calendar_year(store, people.auditor, year=2018).days if row.day == date(2018, 7, 7)
    )
    assert row.intervals == (("10:00", "14:00"),)


def test_the_year_is_walked_by_keys(opened: Open, qtbot) -> None:
    section = opened("administrator", "days").section
    section.view.choose(date(2018, 7, 5))
    qtbot.keyClick(section.view, Qt.Key.Key_Down)
    assert section.view.day == date(2018, 7, 12)
    qtbot.keyClick(section.view, Qt.Key.Key_Left)
    assert section.view.day == date(2018, 7, 11)


# fees, seal, trust, regulations


def test_unverified_rates_are_flagged_until_they_are_saved(opened: Open, store, people) -> None:
    section = opened("administrator", "fees").section
    before = sum(row.unverified for row in queries.fee_rates(store, people.administrator))
    assert before
    assert str(before) in section.flagged.text()
    section.table.put_cursor(section.table.rows.find(lambda row: row.unverified))
    section.save.click()
    assert sum(row.unverified for row in queries.fee_rates(store, people.administrator)) == before - 1


def test_the_seal_is_shown_before_it_is_replaced(opened: Open, store, tmp_path: Path) -> None:
    section = opened("administrator", "seal").section
    section.take_file(str(resources.path("stamp", "specimen-seal.png")))
    assert queries.office(store).seal is None
    assert section.wanted.pixmap().width() == section.wanted.width()
    section.save.click()
    assert queries.office(store).seal.startswith(b"\x89PNG")
    fake = tmp_path / "seal.png"
    fake.write_bytes(b"GIF89a")
    section.take_file(str(fake))
    assert section.problem.text()
    assert not section.save.isEnabled()


def test_a_root_is_trusted_only_after_its_fingerprint_was_shown(
    opened: Open, store, people, root: str, tmp_path: Path
) -> None:
    with store.writing() as session:
        session.get_one(Office, 1).is_demo = True
    screen = opened("administrator", "trust")
    section = screen.section
    file = tmp_path / "root.pem"
    file.write_text(root, encoding="ascii")
    section.take_file(str(file))
    assert queries.kept_roots(store, people.administrator) == ()
    assert "SHA-256" in section.card_text.text()
    assert section.demo.isChecked()
    section.add.click()
    kept = queries.kept_roots(store, people.administrator)[0]
    assert kept.waits
    assert queries.trust_roots(store, people.administrator) == ()
    assert kept.is_demo
    assert kept.sha256.upper()[:4] in section.card_text.text()
    section.take_file(str(file))
    section.add.click()
    assert section.problem.text()
    section.table.put_cursor(0)
    section.remove.click()
    assert queries.kept_roots(store, people.administrator) == ()
    assert len(screen.desk.answers.asked) == 1


def test_an_issuing_certificate_without_its_root_says_what_is_missing(
    opened: Open, store, people, authority: DemoAuthority, root: str
) -> None:
    """It would be believed in nothing, and the list must not call it trusted."""
    with store.writing() as session:
        session.get_one(Office, 1).is_demo = True
    issuing = authority.issuing.public_bytes(Encoding.PEM).decode()
    commands.add_trust_root(store, people.administrator, pem=issuing, is_demo=True)
    _confirm_all(store, people)
    section = opened("administrator", "trust").section
    assert _kind_of_the_issuing(section).endswith("no root")
    assert "the root that signed it is not trusted here" in section.details.text()
    commands.add_trust_root(store, people.administrator, pem=root, is_demo=True)
    section.refresh()
    assert _kind_of_the_issuing(section).endswith("no root")
    assert "the root that signed it" in section.details.text()  # the root itself waits still
    _confirm_all(store, people)
    section.refresh()
    assert _kind_of_the_issuing(section) == "demo"
    assert "the root that signed it" not in section.details.text()


def _kind_of_the_issuing(section: Section) -> str:
    """Put the cursor on it; the list is in no order of its own where two were added at one moment."""
    row = section.table.rows.find(lambda one: "issuing" in one.subject)
    section.table.put_cursor(row)
    return str(section.table.rows.index(row, 1).data())


def _confirm_all(store, people) -> None:
    for row in waiting(store, people.auditor).rows:
        confirm(store, people.auditor, noted=row.changes)


def test_what_is_no_certificate_is_refused(opened: Open, tmp_path: Path) -> None:
    section = opened("administrator", "trust").section
    for content in (b"", b"hello", b"\x00" * 70_000):
        file = tmp_path / "root.pem"
        file.write_bytes(content)
        section.take_file(str(file))
        assert section.problem.text()
        assert section.card.isHidden()


def test_the_regulation_says_that_its_act_is_repealed(opened: Open) -> None:
    section = opened("auditor", "regulations").section
    assert "№ 75" in section.repealed.text()
    assert "139" in section.card_act.text()
    assert section.unverified_list.isHidden()
    section.unverified.click()
    assert not section.unverified_list.isHidden()


def test_a_broken_regulation_is_refused_with_file_line_and_reason(
    opened: Open, store, people, tmp_path: Path
) -> None:
    section = opened("administrator", "regulations").section
    before = regulations(store, people.administrator)
    file = tmp_path / "broken.toml"
    whole = resources.path("regulations", "wko-2018-139.toml").read_text(encoding="utf-8")
    line = next(n for n, text in enumerate(whole.splitlines(), 1) if text.startswith("act = "))
    lines = whole.splitlines()
    lines[line - 1] = 'act = "dance"'
    file.write_text("\n".join(lines), encoding="utf-8")
    section.take_file(str(file))
    assert section.loader.problem_place.text() == f"broken.toml, line {line}"
    assert "dance" in section.loader.problem_text.text()
    assert regulations(store, people.administrator) == before
    file.write_bytes(b"\xff\xfe\x00")
    section.take_file(str(file))
    assert "UTF-8" in section.loader.problem_text.text()


def test_a_new_version_is_loaded(opened: Open, store, people, tmp_path: Path) -> None:
    section = opened("administrator", "regulations").section
    whole = resources.path("regulations", "wko-2018-139.toml").read_text(encoding="utf-8")
    file = tmp_path / "next.toml"
    file.write_text(whole.replace('version = "2018-2"', 'version = "2018-3"', 1), encoding="utf-8")
    section.take_file(str(file))
    found = regulations(store, people.administrator)
    versions = [(row.version, row.current) for row in found if row.regulation == "wko-2018-139"]
    assert versions == [("2018-3", True), ("2018-2", False)]
    assert section.loader.problem.isHidden()


# everybody


def test_the_auditor_sees_everything_and_has_nothing_to_change(opened: Open) -> None:
    screen = opened("auditor")
    for kind in SECTIONS:
        screen.go(kind.id)
        shown = screen.section
        offered = {
            button.objectName()
            for button in shown.findChildren(QAbstractButton)
            if button.isVisibleTo(shown)
            and button.isEnabled()
            and button.objectName().startswith("administration.")
        }
        assert offered <= {
            "administration.days.year_before", "administration.days.year_after",
            "administration.regulations.unverified",
        }, kind.id  # fmt: skip
        assert shown.states.currentWidget() is shown.scroll
    assert screen.desk.told.notices == []


@pytest.mark.parametrize("section", [kind.id for kind in SECTIONS])
def test_every_control_has_a_name_and_tab_goes_as_one_reads(opened: Open, qtbot, section: str) -> None:
    screen = opened("administrator", section)
    qtbot.wait(10)  # for the layouts
    shown, places = screen.section, []
    for widget in stops(shown):
        if widget.objectName().startswith("administration."):
            assert widget.accessibleName(), widget.objectName()
            places.append((_place(widget, shown), widget.objectName()))
    assert places
    inside = [place for place in places if not shown.bar.isAncestorOf(shown.findChild(QWidget, place[1]))]
    for (here, name), (then, following) in pairwise(inside):
        in_one_line = here.top() < then.bottom() and then.top() < here.bottom()
        assert here.left() < then.left() if in_one_line else here.top() < then.top(), (name, following)


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("code", ["kk", "ru", "en"])
def test_words_have_room(opened: Open, qapp, qtbot, language, code: str, scale: float) -> None:
    language.switch(code)
    theme.apply(qapp, "light", scale=scale)
    screen = opened("administrator")
    for kind in SECTIONS:
        screen.go(kind.id)
        qtbot.wait(10)
        assert list(tight(screen)) == [], kind.id


def test_the_language_changes_while_it_is_open(opened: Open, language) -> None:
    screen = opened("administrator", "people")
    language.switch("kk")
    screen.retranslate()
    assert screen.section.heading.text() == "Адамдар мен рөлдер"
    assert screen.section.add.text() == "Жаңа адам"
