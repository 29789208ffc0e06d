"""Looks at every place of the program as the person whose place it is, and leaves a picture of each."""

from desktop.demo.play import Stage
from desktop.ui.places import places_of


def look_around(stage: Stage) -> None:
    """Sit down as each person in turn and open every place he has that nobody showed yet."""
    seen: set[str] = set()
    for login in ("clerk", "executor", "head", "auditor", "admin"):
        stage.sit_down(login)
        for place in places_of(stage.window.desk.actor.roles):
            if place.id in seen:
                continue
            seen.add(place.id)
            stage.go(place.id)
            stage.hands.settle()
            stage.picture(f"place-{place.id}")
