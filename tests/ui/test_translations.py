"""Every text of the windows has its Kazakh and its Russian, every code its sentence."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest

import desktop
from desktop.ui.language import (
    LANGUAGES,
    PLURAL_FORMS,
    forms_in,
    missing_texts,
    read_sources,
    used_texts,
)
from desktop.ui.sentences import COLUMNS, sentences

PACKAGE = Path(desktop.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
SPEAKING = [path for path in MODULES if path.is_relative_to(PACKAGE / "ui") or path.name == "app.py"]
_PLACES = re.compile(r"\{[a-z_0-9]*\}|%n")


def test_every_text_has_kazakh_and_russian():
    missing = [
        f"{path.relative_to(PACKAGE)}:{line}: {source}" for path, line, source in missing_texts(SPEAKING)
    ]
    assert missing == []


def test_every_text_is_a_plain_literal():
    """A formatted text would be looked up with its values in it and never found."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in SPEAKING
        for _, line, text in used_texts(path)
        if not text
    ]
    assert wrong == []


def test_translations_keep_the_places_of_the_values():
    wrong = []
    for entry in read_sources():
        for code, forms in entry.forms.items():
            for form in forms:
                if form and sorted(set(_PLACES.findall(form))) != sorted(set(_PLACES.findall(entry.source))):
                    wrong.append(f"{entry.file}:{entry.line}: {code}: {form}")
    assert wrong == []


def test_plurals_have_the_forms_of_their_language():
    for entry in read_sources():
        if "%n" in entry.source:
            forms = {code: len(entry.forms.get(code, ())) for code in LANGUAGES}
            assert forms == PLURAL_FORMS, f"{entry.file}:{entry.line}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quick_reading_of_one_language_is_that_of_all(language):
    told = {
        entry.source: entry.forms[language] for entry in read_sources() if entry.forms.get(language, ("",))[0]
    }
    assert forms_in(language) == told
    assert len(told) > 20


def test_one_text_is_translated_one_way():
    told = defaultdict(set)
    for entry in read_sources():
        told[entry.source].add((entry.forms["kk"], entry.forms["ru"]))
    assert {source: ways for source, ways in told.items() if len(ways) > 1} == {}


# codes


def _codes():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in ("NotAllowed", "Unavailable", "BadInput") and node.args:
                facts = {word.arg for word in node.keywords}
                if isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value, facts, f"{path.relative_to(PACKAGE)}:{node.lineno}"


def test_every_code_has_a_sentence_in_every_language():
    known = sentences()
    assert sorted({f"{code} ({place})" for code, _, place in _codes() if code not in known}) == []


def test_a_sentence_uses_only_facts_it_is_given():
    known, wrong = sentences(), []
    for code, facts, place in _codes():
        if None in facts or code not in known:  # **facts: not known here
            continue
        for language in COLUMNS:
            needed = {name for _, name, _, _ in Formatter().parse(known[code][language]) if name}
            if not needed <= facts:
                wrong.append(f"{place}: {code} {language} lacks {sorted(needed - facts)}")
    assert wrong == []


def test_codes_passed_on_by_tables_have_sentences():
    """Codes that travel in a table before they are raised, from the modules that keep such tables."""
    from desktop.store import connecting, failures

    codes = {
        *failures._SQLITE.values(),
        *failures._POSTGRESQL.values(),
        *failures._POSTGRESQL_CLASSES.values(),
    }
    codes |= {code for _said, _kind, code in connecting._SAID}
    codes |= {"save-unknown", "defect", "unknown-code"}
    assert sorted(codes - set(sentences())) == []


@pytest.mark.parametrize("word", ["Error:", "Exception", "Ошибка:", "Қате:"])
def test_sentences_blame_nobody(word):
    assert [code for code, told in sentences().items() if any(word in said for said in told.values())] == []
