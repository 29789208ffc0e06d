"""What papers, the journal and a signature state in both state languages, whatever language the windows speak.

The words are data (``resources/stated.toml``), by what is stated and a code that the program keeps.
"""

from collections.abc import Mapping
from functools import cache

from desktop import resources
from desktop.regulation.model import Text


def stated(about: str, code: str, **facts: str) -> Text:
    """Return the words of ``code``, with ``facts`` in their places as they are; KeyError: the build lacks them."""
    words = all_stated()[about][code]
    return Text(filled(words.kk, facts), filled(words.ru, facts))


def filled(words: str, facts: Mapping[str, str]) -> str:
    """Put each fact in its place ``{name}``; a brace within a fact stays a brace."""
    for name, value in facts.items():
        words = words.replace("{" + name + "}", value)
    return words


@cache
def all_stated() -> Mapping[str, Mapping[str, Text]]:
    """Return every text the program ships, by what is stated."""
    import tomllib  # the first window states nothing

    written = tomllib.loads(resources.path("stated.toml").read_text("utf-8"))
    return {about: {code: Text(**both) for code, both in texts.items()} for about, texts in written.items()}
