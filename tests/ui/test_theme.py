"""The tokens keep their promises: contrast, pictures, room."""

import pytest

from desktop import resources
from desktop.ui import stylesheet, theme
from desktop.ui.screens.start import FirstChoice

MEANINGS = ("late", "soon", "done", "refused", "paused")


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_text_reaches_aa_on_every_ground(scheme):
    tokens = theme.PALETTES[scheme]
    pairs = [
        (ink, ground)
        for ink in ("text", "muted")
        for ground in ("window", "surface", "sunken", "accent_soft")
    ]
    pairs += [("accent_text", "accent"), ("accent", "surface"), ("accent", "window"), ("surface", "text")]
    for meaning in MEANINGS:
        pairs += [
            (meaning, "surface"),
            (meaning, "window"),
            (meaning, f"{meaning}_soft"),
            ("text", f"{meaning}_soft"),
        ]
    low = {pair: theme.contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_edges_and_focus_rings_can_be_seen(scheme):
    tokens = theme.PALETTES[scheme]
    for ink in ("control", "accent"):
        for ground in ("window", "surface", "sunken"):
            assert theme.contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 3


def test_contrast_of_black_and_white_is_the_greatest():
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_the_sheet_has_no_word_left_open(qapp, scheme, scale):
    sheet = stylesheet.make(theme.PALETTES[scheme], scale)
    assert "$" not in sheet
    theme.apply(qapp, scheme, scale=scale)
    assert theme.spacing(2) == round(8 * scale)
    assert theme.colour("text") == theme.PALETTES[scheme].text


def test_every_icon_can_be_drawn(qapp):
    theme.apply(qapp, "light")
    for path in resources.path("icons").glob("*.svg"):
        drawn = theme.pixmap(path.stem, "#112233", 24).toImage()
        inked = {drawn.pixelColor(x, y).alpha() for x in range(24) for y in range(24)}
        assert max(inked) > 0, path.name


def test_a_tip_shows_tags_as_letters():
    assert theme.plain_tip("<b>ООО</b>") == "<qt>&lt;b&gt;ООО&lt;/b&gt;</qt>"
    assert theme.plain_tip("ООО") == "ООО"


def test_the_pictures_of_the_first_choice_are_drawn_in_the_colours_in_use(qapp, qtbot):
    theme.apply(qapp, "light")
    choice = FirstChoice()
    qtbot.addWidget(choice)
    choice.show()
    bright = [label.pixmap().toImage() for label in choice._pictures.values()]
    theme.apply(qapp, "dark")
    try:
        assert [label.pixmap().toImage() for label in choice._pictures.values()] != bright
    finally:
        theme.apply(qapp, "light")
