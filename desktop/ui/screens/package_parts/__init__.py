"""The parts of the list of packages."""
