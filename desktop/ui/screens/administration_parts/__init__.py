"""The sections of the administration screen."""
