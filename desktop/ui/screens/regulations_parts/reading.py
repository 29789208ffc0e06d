"""One act read: its standing, and of one operation the terms, steps, papers, requirements, grounds and notes."""

from PySide6.QtWidgets import QWidget

from desktop.queries.regulations import LawReading
from desktop.regulation import provisions
from desktop.regulation.engine import notes_of, total_term, whole_route
from desktop.regulation.model import Channel, Operation, Provision, Service
from desktop.ui.law_words import LawWords
from desktop.ui.screens.regulations_parts.sheet import Sheet

_STEPS = (0, 5, 4, 2)  # number, step with its ways out, who, term and item
_LISTED = (0, 6, 2)  # number, words, item and marks


class ReadingPart(Sheet):
    """Shows what the act says to ``channel``."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="regulations.reading")
        self._desk = desk
        self._words = LawWords(desk.language)

    def show_law(self, law: LawReading, service: Service, operation: Operation, channel: Channel) -> None:
        """Make the page anew."""
        scrolled = self.verticalScrollBar().value()
        self.setAccessibleName(self.tr("The text of the act"))
        self.begin()
        self._standing(law)
        self._terms(operation, channel)
        self._steps(operation, channel)
        self._lists(operation, service)
        self._notes(operation, channel)
        self._besides(self.tr("What the act says besides"), provisions.of(service, operation, channel))
        self._besides(self.tr("What the decree says of itself"), law.regulation.provisions)
        self.end()
        self.verticalScrollBar().setValue(scrolled)

    def _standing(self, law: LawReading) -> None:
        text, regulation = self._desk.language.text, law.regulation
        language = self._desk.language
        self.heading(text(regulation.title))
        loaded = self.tr("loaded on {moment}").format(moment=language.format_moment(law.row.loaded_at))
        self.line(
            self._words.joined(self._words.spoken.act(regulation), regulation.id, regulation.version, loaded),
            role="muted",
        )
        first, last = regulation.in_force_from, regulation.in_force_to
        if first is not None:
            self.line(self.tr("In force from {day}").format(day=language.format_date(first)))
        if last is not None:
            self.line(self.tr("In force until {day}").format(day=language.format_date(last)))
        self.line(text(regulation.repealed_by), tone="late")
        if not law.row.current:
            self.line(self.tr("Replaced: no new case begins under this text."), tone="soon")
        if law.row.open_cases:
            told = self.tr(
                "%n open case(s) began under this text and finish under it", "", law.row.open_cases
            )
            self.line(told)
        for warning in regulation.warnings:
            self.line(f"• {text(warning)}", tone="soon")

    def _terms(self, operation: Operation, channel: Channel) -> None:
        self.heading(self.tr("Term and fee"))
        self.line(self._words.total(total_term(operation, channel)))
        self.line(self._words.fee(operation.fee) if operation.fee is not None else self.tr("No fee"))
        if operation.custody is not None and channel in operation.custody.channels:
            self.line(self._words.custody(operation.custody))

    def _steps(self, operation: Operation, channel: Channel) -> None:
        self.heading(self.tr("Steps"))
        for number, step in enumerate(whole_route(operation, channel), 1):
            role = "muted" if step.on_map else ""
            ways = "\n".join(f"→ {way}" for way in self._words.ways(step))
            self.row(
                f"{number}.",
                self.stack(f"{self._desk.language.text(step.title)}\n{ways}", role=role),
                self._words.who(step),
                self._words.spoken.meta(step),
                shares=_STEPS,
                role=role,
            )
        if any(step.on_map for step in whole_route(operation, channel)):
            self.line(self.tr("Pale: done outside the office."), role="small")

    def _lists(self, operation: Operation, service: Service) -> None:
        words, item = self._words, self._words.spoken.item
        text = self._desk.language.text
        lists = (
            (
                self.tr("What the application says besides"),
                [(text(one.title), one) for one in operation.fields],
            ),
            (self.tr("Papers"), [(words.paper(one), one) for one in operation.papers]),
            (self.tr("Requirements"), [(text(one.title), one) for one in operation.requirements]),
            (self.tr("Grounds for refusal"), [(text(one.title), one) for one in operation.refusal_grounds]),
        )
        for title, parts in lists:
            if not parts:
                continue
            self.heading(title)
            for number, (told, part) in enumerate(parts, 1):
                marks = words.joined(item(part.clause), words.unverified(unverified=part.unverified))
                self.row(f"{number}.", told, marks, shares=_LISTED)
        if service.sub_types:
            self.heading(self.tr("Kinds of the activity"))
            for number, kind in enumerate(service.sub_types, 1):
                marks = words.unverified(unverified=kind.unverified)
                self.row(f"{number}.", text(kind.title), marks, shares=_LISTED)

    def _notes(self, operation: Operation, channel: Channel) -> None:
        notes = notes_of(operation, channel)
        if not notes:
            return
        self.heading(self.tr("Where the act contradicts itself or is silent"))
        for note in notes:
            where = ""
            if note.where:
                where = f"{self._desk.language.text(operation.step(note.where).title)}: "
            self.line(f"• {where}{self._desk.language.text(note.text)}", tone="soon")

    def _besides(self, title: str, told: tuple[Provision, ...]) -> None:
        if not told:
            return
        self.heading(title)
        for number, one in enumerate(told, 1):
            words = self._desk.language.text(one.text)
            self.row(f"{number}.", words, self._words.provision(one), shares=_LISTED)
