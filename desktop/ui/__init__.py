"""The windows: screens, widgets, and what they stand on."""

import ctypes
import sys


def _keep_none_alive() -> None:
    """Give None references to spare on Python before 3.12.

    The stable-ABI wheels of PySide6 6.12 are built for interpreters in which None is immortal (PEP 683): every call
    that returns None takes one reference away. Python 3.11 begins with about five thousand of them and aborts
    ("none_dealloc") when they are used up, which is after a few minutes of work.
    """
    if sys.version_info < (3, 12):
        ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40  # the reference count is an object's first field


_keep_none_alive()
