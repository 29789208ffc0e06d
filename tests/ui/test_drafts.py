"""Unfinished forms survive closing the program."""

import pytest

from desktop.errors import Unavailable
from desktop.ui import drafts


def test_a_draft_is_kept_and_forgotten(tmp_path):
    values = {"holder_kk": "«Шипа» ЖШС", "sheets": [1, None]}
    drafts.save("registration-1", values, folder=tmp_path)
    assert drafts.load("registration-1", folder=tmp_path) == values
    assert [path.name for path in tmp_path.iterdir()] == ["registration-1.json"]
    drafts.forget("registration-1", folder=tmp_path)
    assert drafts.load("registration-1", folder=tmp_path) is None


@pytest.mark.parametrize("broken", [b"{", b"\xff\xfe", b"[1]"])
def test_a_broken_draft_is_none(tmp_path, broken):
    (tmp_path / "form.json").write_bytes(broken)
    assert drafts.load("form", folder=tmp_path) is None


def test_a_draft_that_cannot_be_kept_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="draft-not-kept"):
        drafts.save("form", {}, folder=tmp_path / "file" / "drafts")


@pytest.mark.parametrize("key", ["../x", "", "A", "a/b"])
def test_a_key_is_never_a_path(tmp_path, key):
    with pytest.raises(ValueError, match=f"^{key}$"):
        drafts.save(key, {}, folder=tmp_path)
