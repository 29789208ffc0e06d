"""The demo office: the decree's real department, invented people and applicants, papers without legal force.

It is built with the program's own commands, in the order of time, so that every number, term and journal
entry in it is one the program made.
"""
