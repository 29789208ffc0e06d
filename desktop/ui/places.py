"""The places of the program: each screen once, with its name, picture, keys, help and who may ever use it.

Screens are imported when they are first opened; until then a place is only its name.
"""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.regulation.model import Role
from desktop.regulation.rights import Command, may


@dataclass(frozen=True)
class Place:
    """``needs``: one of these commands; none = everybody. ``count`` names the field of DeskCounts beside it."""

    id: str
    title: str
    icon: str
    screen: str
    needs: tuple[Command, ...] = ()
    case_beside: str = (
        ""  # "always": list and case side by side; "chosen": once a case is chosen; "" full page
    )
    count: str = ""
    alarm: str = ""
    help: str = ""
    keys: str = ""  # of its own; the ten without are numbered

    @property
    def shortcut(self) -> str:
        """The keys that go there, the same for everybody."""
        numbered = [place.id for place in PLACES if not place.keys]
        return self.keys or f"Ctrl+{(numbered.index(self.id) + 1) % 10}"

    @property
    def module(self) -> str:
        return f"desktop.ui.screens.{self.id}"

    def load(self) -> type:
        """Import the screen's class; a missing one is a defect."""
        return getattr(importlib.import_module(self.module), self.screen)


_WORK = (
    Command.REGISTER,
    Command.ASSIGN,
    Command.APPROVE,
    Command.CHECK,
    Command.DECIDE,
    Command.SIGN,
    Command.DELIVER,
    Command.ATTEST,
    Command.RESOLVE,
    Command.HEAR,
)

PLACES: tuple[Place, ...] = (
    Place(
        "desk",
        QT_TRANSLATE_NOOP("Place", "My desk"),
        "desk",
        "DeskScreen",
        _WORK,
        "always",
        "my_desk",
        "overdue",
        QT_TRANSLATE_NOOP(
            "Help",
            "The cases that wait for you, the most urgent first. Choose one: the case opens beside the list. "
            "Ctrl+Enter does what the case waits for. A click on the time left says why the date is that date.",
        ),
    ),
    Place(
        "register",
        QT_TRANSLATE_NOOP("Place", "New application"),
        "register",
        "RegisterScreen",
        (Command.REGISTER,),
        help=QT_TRANSLATE_NOOP(
            "Help",
            "Write down an application brought to the counter or handed over by the State corporation. What you type "
            "is kept until you register it or clear the form. The number, the time and the due date are given by the "
            "program when you press Ctrl+Enter.",
        ),
    ),
    Place(
        "packages",
        QT_TRANSLATE_NOOP("Place", "Packages"),
        "import",
        "PackagesScreen",
        (Command.RECEIVE_PACKAGE,),
        "chosen",
        help=QT_TRANSLATE_NOOP(
            "Help",
            "Applications sent by the portal and the centres. Drop a package here, or set a folder in the settings "
            "that is looked through. What the law asks of a package is checked; one that holds is registered by whoever "
            "the act has take it in, one that does not is refused with the notice the regulation names.",
        ),
        keys="Ctrl+I",
        count="packages",
    ),
    Place(
        "applications",
        QT_TRANSLATE_NOOP("Place", "Applications"),
        "applications",
        "ApplicationsScreen",
        (Command.READ_CASES,),
        "chosen",
        help=QT_TRANSLATE_NOOP(
            "Help",
            "The register of applications. Type a number, an IIN or BIN, a name or an address to search; choose a "
            "case to open it. The export writes what the filter shows into an Excel workbook.",
        ),
    ),
    Place(
        "licences",
        QT_TRANSLATE_NOOP("Place", "Licences"),
        "licences",
        "LicencesScreen",
        (Command.EXPORT,),
        "chosen",
        help=QT_TRANSLATE_NOOP(
            "Help",
            "The register of licences issued here. Choose one to open its case; Ctrl+H shows its history, what stood on any "
            "day, and takes in a decision that suspends, resumes or terminates it. The export writes what the filter "
            "shows into an Excel workbook.",
        ),
    ),
    Place(
        "requests",
        QT_TRANSLATE_NOOP("Place", "Requests"),
        "requests",
        "RequestsScreen",
        (Command.RECORD_ANSWER, Command.EXPORT),
        "chosen",
        "waiting_answer",
        help=QT_TRANSLATE_NOOP(
            "Help",
            "Letters to other authorities and their answers. When the time for an answer is over, the approval is "
            "deemed given.",
        ),
    ),
    Place(
        "print_queue",
        QT_TRANSLATE_NOOP("Place", "Printing"),
        "print",
        "PrintQueueScreen",
        (Command.PRINT,),
        "chosen",
        "to_print",
        help=QT_TRANSLATE_NOOP(
            "Help",
            "Signed papers that have not been printed or handed over yet. You see the paper as it will be printed.",
        ),
    ),
    Place(
        "centre",
        QT_TRANSLATE_NOOP("Place", "At the centre"),
        "hand-over",
        "CentreScreen",
        (Command.HAND_OUT,),
        help=QT_TRANSLATE_NOOP(
            "Help",
            "Results that were sent to the State corporation or a service centre: how long they are kept there, who "
            "fetched them, what came back for storage and what is asked for anew. Choose one: what can be done with it "
            "stands beside the list.",
        ),
        keys="Ctrl+T",
        count="at_centre",
        alarm="late_there",
    ),
    Place(
        "survey",
        QT_TRANSLATE_NOOP("Place", "Survey"),
        "tick",
        "SurveyScreen",
        (Command.EXPORT,),
        help=QT_TRANSLATE_NOOP(
            "Help",
            "What applicants answered when they got their results: quality and availability, by service and period. "
            "The export writes it into an Excel workbook.",
        ),
        keys="Ctrl+Shift+Q",
    ),
    Place(
        "regulations",
        QT_TRANSLATE_NOOP("Place", "Regulations"),
        "law",
        "RegulationsScreen",
        (Command.READ_CASES, Command.ADMINISTER),
        help=QT_TRANSLATE_NOOP(
            "Help",
            "The acts the program works by. Choose an act, a service and a channel: its steps, terms and papers stand "
            "beside it, as a text and as a diagram. Two acts can be compared, and what is odd in one is listed. A case "
            "finishes under the text it began under.",
        ),
        keys="Ctrl+L",
    ),
    Place(
        "journal",
        QT_TRANSLATE_NOOP("Place", "Journal"),
        "journal",
        "JournalScreen",
        (Command.READ_JOURNAL,),
        "chosen",
        help=QT_TRANSLATE_NOOP("Help", "Every step ever taken: who, when, what, from which workstation."),
    ),
    Place(
        "administration",
        QT_TRANSLATE_NOOP("Place", "Administration"),
        "administration",
        "AdministrationScreen",
        (Command.ADMINISTER, Command.READ_JOURNAL),
        help=QT_TRANSLATE_NOOP(
            "Help",
            "People and their roles, the acting head, working hours, days off and moved days, fees, the seal, "
            "trusted certificates. Every change stands in the journal.",
        ),
        count="to_confirm",
    ),
    Place(
        "verify",
        QT_TRANSLATE_NOOP("Place", "Verify a paper"),
        "verify",
        "VerifyScreen",
        help=QT_TRANSLATE_NOOP(
            "Help",
            "Drop a signed PDF here: the program says who signed it and when, whether it was changed since, and "
            "whether it is real or a demonstration.",
        ),
    ),
    Place(
        "settings",
        QT_TRANSLATE_NOOP("Place", "Settings"),
        "settings",
        "SettingsScreen",
        help=QT_TRANSLATE_NOOP(
            "Help", "Language, colours, size of text, printer and token of this workstation."
        ),
    ),
)

CASE_HELP = QT_TRANSLATE_NOOP(
    "Help",
    "The whole case: where it stands, by when, its papers and its history. The coloured button is what the case waits "
    "for; rarer actions stand behind the three dots. Esc goes back to the list.",
)


def places_of(roles: Iterable[Role]) -> tuple[Place, ...]:
    """Return the places a person with these roles may ever use."""
    held = tuple(roles)
    return tuple(place for place in PLACES if not place.needs or any(may(held, need) for need in place.needs))


def first_of(places: tuple[Place, ...]) -> Place:
    """Return where a person's day begins: what waits for him, what he looks after, or what he may read."""
    ids = {place.id: place for place in places}
    return next(
        (ids[wanted] for wanted in ("desk", "applications", "administration") if wanted in ids), places[0]
    )
