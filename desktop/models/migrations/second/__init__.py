"""Revision 0002 in pieces: commands that run once, the law as rows, the sealed journal."""
