"""Rows of the office's own tables."""

from dataclasses import dataclass
from datetime import date

from desktop.regulation.model import Text


@dataclass(frozen=True, slots=True)
class ActingHeadRow:
    acting_id: int
    person_id: int
    name: Text
    order_number: str
    order_date: date
    first_day: date
    last_day: date
