"""QR codes (ISO/IEC 18004, level M), made by ``qrcode``, as pictures of lines."""

from collections.abc import Sequence

import qrcode

_LEVEL = qrcode.constants.ERROR_CORRECT_M
_QUIET_ZONE = 4  # modules of white around a code
_DENSE, DENSE_MASK = 200, 3  # from how many characters on the mask is not looked for


def picture(text: str) -> tuple[bytes, int]:
    """``text`` as the SVG of a code and its width in modules; 0 when there is none.

    The four modules of white around it are part of the picture. Capitals, digits and signs go in alphanumeric mode.
    """
    if not text:
        return b"", 0
    matrix = modules(text)
    side = len(matrix)
    runs = "".join(lines(row, y) for y, row in enumerate(matrix))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{runs}"/></svg>'
    )
    return svg.encode(), side


def modules(text: str) -> list[list[bool]]:
    """Return the rows of the code, dark modules True, with the white around it."""
    # Looking for the best of eight masks costs four times the code itself; in a dense code any of them mixes well.
    mask = DENSE_MASK if len(text) > _DENSE else None
    code = qrcode.QRCode(error_correction=_LEVEL, border=_QUIET_ZONE, mask_pattern=mask)
    code.add_data(text)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def lines(row: Sequence[bool], y: int) -> str:
    """One path per run of dark modules: fewer seams than a square for each."""
    drawn = []
    start: int | None = None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            drawn.append(f"M{start} {y}h{x - start}v1H{start}z")
            start = None
    return "".join(drawn)
