"""Sample scans: what an applicant would bring, as a PDF, a JPEG, a PNG and a TIFF, each plainly a specimen."""

from pathlib import Path
from typing import Any

import typst
from PIL import Image, ImageDraw, ImageFont

from desktop import resources

_PAPERS = (
    ("otinish.pdf", "Өтініш / Заявление"),
    ("diplom.jpg", "Диплом"),
    ("tubirtek.png", "Түбіртек / Квитанция"),
    ("qorytyndy.tiff", "Санитариялық қорытынды"),
)
_PAGE = (827, 1169)  # A4 at 100 dpi


def sample_scans(folder: Path) -> tuple[Path, ...]:
    """Write the specimens into ``folder`` and return their paths; files already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, title in _PAPERS:
        path = folder / name
        if not path.exists():
            _write(path, title)
        paths.append(path)
    return tuple(paths)


def _write(path: Path, title: str) -> None:
    if path.suffix == ".pdf":
        page = (
            b'#set text(font: "PT Serif", size: 14pt, lang: "kk")\n#set page(width: 210mm, height: 297mm, margin: 25mm)\n'
            b'#align(center, text(20pt, weight: "bold", sys.inputs.title))\n#v(1cm)\n'
            + "ҮЛГІ · ОБРАЗЕЦ\n\n".encode()
            + b"#for n in range(14) { line(length: 100%, stroke: 0.4pt + gray); v(0.9cm) }"
        )
        _print(path, page, title)
        return
    picture = Image.new("RGB", _PAGE, (250, 248, 242))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(_font()), 40)
    pen.rectangle((40, 40, _PAGE[0] - 40, _PAGE[1] - 40), outline=(120, 120, 120), width=3)
    pen.text((90, 120), title, fill=(30, 30, 60), font=font)
    pen.text((90, 190), "ҮЛГІ · ОБРАЗЕЦ", fill=(160, 60, 60), font=font)
    for row in range(320, _PAGE[1] - 120, 46):
        pen.line((90, row, _PAGE[0] - 90 - (row * 7) % 220, row), fill=(150, 150, 160), width=2)
    compression = {"compression": "tiff_lzw"} if path.suffix == ".tiff" else {}
    picture.save(path, dpi=(100, 100), **compression)


def _print(path: Path, page: bytes, title: str) -> None:
    fonts = [str(resources.path("fonts"))]
    compile_page: Any = typst.compile  # its stub does not know plain bytes
    path.write_bytes(
        compile_page(page, sys_inputs={"title": title}, font_paths=fonts, ignore_system_fonts=True)
    )


def _font() -> Path:
    return resources.path("fonts", "PTS55F.ttf")
