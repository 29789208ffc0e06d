"""The settings of the workstation."""

from dataclasses import fields

import pytest

from desktop import settings
from desktop.errors import BadInput, Unavailable
from desktop.settings import Settings


def test_what_is_written_is_read_again(tmp_path):
    chosen = settings.changed(Settings(), database='sqlite:///C:\\a "b"\n', language="ru", text_size=150)
    settings.save(chosen, tmp_path / "deep" / "ruqsat.toml")
    assert settings.load(tmp_path / "deep" / "ruqsat.toml") == chosen


def test_no_file_means_the_usual_settings(tmp_path):
    assert settings.load(tmp_path / "none.toml") == Settings()


def test_every_setting_has_a_sentence_in_the_file(tmp_path):
    path = tmp_path / "ruqsat.toml"
    settings.save(Settings(), path)
    written = path.read_text(encoding="utf-8")
    for one in fields(Settings):
        assert one.metadata["sentence"] in written


def test_a_setting_of_a_newer_program_is_left_alone(tmp_path):
    path = tmp_path / "ruqsat.toml"
    path.write_text('language = "ru"\nhologram = true\n', encoding="utf-8")
    assert settings.load(path).language == "ru"


@pytest.mark.parametrize("line", ['language = "de"', "language = 1", "text_size = 101"])
def test_a_wrong_value_names_its_setting(tmp_path, line):
    path = tmp_path / "ruqsat.toml"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(BadInput) as told:
        settings.load(path)
    assert told.value.field == line.split()[0]


@pytest.mark.parametrize("content", [b"language = ", b"\xff\xff"])
def test_an_unreadable_file_is_told(tmp_path, content):
    path = tmp_path / "ruqsat.toml"
    path.write_bytes(content)
    with pytest.raises(Unavailable, match="settings-unreadable"):
        settings.load(path)


def test_a_full_or_forbidden_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="settings-unwritable"):
        settings.save(Settings(), tmp_path / "file" / "ruqsat.toml")
