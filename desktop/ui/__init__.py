"""The only place that knows Qt: screens, widgets, and what they stand on."""

import ctypes
import sys


def _keep_constants_alive() -> None:
    """Give None, True and False references to spare on Python before 3.12.

    The stable-ABI wheels of PySide6 6.12 are built for interpreters in which these are immortal (PEP 683): every call
    that returns None takes one reference of it away, every ``emit`` of a signal one of True. Python 3.11 begins with
    a few thousand of each and aborts ("none_dealloc", "bool_dealloc") when they are used up: after a few minutes of
    work, or at the end of it.
    """
    if sys.version_info < (3, 12):
        for constant in (None, True, False):  # the reference count is an object's first field
            ctypes.c_ssize_t.from_address(id(constant)).value += 1 << 40


_keep_constants_alive()
