"""Consistent copies of an office, and offices made of copies, on both engines.

SQLite is copied page by page through its own backup call, so that a copy made while somebody writes is whole.
PostgreSQL is copied row by row on one snapshot into one archive: schema and rights are not in it, because restoring
makes both anew from the program (a dump would bring the rights of the old place, or none), under the prefix of the new
place and on any supported version of the server; no other program is needed for it. Beside a copy stands
``<name>.sha256`` as ``sha256sum -c`` reads it. A copy that failed or was stopped leaves nothing under its name.
"""

from desktop.store.backup.copies import Copy, Watch, backup, restore, usual_name
from desktop.store.backup.keeping import folder_of, keep_daily, last_copy

__all__ = ["Copy", "Watch", "backup", "folder_of", "keep_daily", "last_copy", "restore", "usual_name"]
