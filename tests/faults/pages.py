"""A page real enough to be signed, written by hand: the same facts give the same bytes, in no time."""

import json

from desktop.regulation.model import DocumentKind
from desktop.regulation.papers import Facts, to_json

_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
)


def draw(kind: DocumentKind, facts: Facts, seal: bytes | None) -> bytes:
    """Return a PDF whose only content is a comment with the facts."""
    told = json.dumps(to_json(facts), sort_keys=True) + f" {kind.value} {len(seal or b'')}"
    return pdf_of(b"% " + told.encode())


def pdf_of(content: bytes, *, entries: bytes = b"") -> bytes:
    """Return a PDF of one page with this content stream, whose dictionary also has ``entries``."""
    stream = b"<</Length %d%s>> stream\n%s\nendstream" % (len(content), entries, content)
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate((*_OBJECTS, stream), 1):
        places.append(len(out))
        out += b"%d 0 obj %s endobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table)
    return bytes(out)
