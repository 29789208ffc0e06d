"""Keeps what is in memory, a PIN among it, out of files an accident would leave behind."""

import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def keep_none() -> None:
    """Let the system write no memory of this process into a file when it ends by an accident.

    POSIX: no core dump. Linux also: nobody but the system's administrator may look into the running process.
    Windows has no such call for a process; its crash reports are the administrator's to switch off.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
