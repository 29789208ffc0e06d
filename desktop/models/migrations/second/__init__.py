"""Revision 0002 in pieces: commands that run once."""
