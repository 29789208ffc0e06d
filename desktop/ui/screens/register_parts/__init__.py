"""The sections of the registration form."""
