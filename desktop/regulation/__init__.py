"""The law as data. No Qt, no database, no clock."""
