"""Ruqsat (рұқсат, "permission"): the licensing desk of a Kazakhstan regional health department."""

__version__ = "0.1.0"
