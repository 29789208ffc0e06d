"""Codes that prove a paper without a network: ``KZL1:`` text, the department's keys, the status list. See ``README.md``."""
