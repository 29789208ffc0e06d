"""The tables of other systems: connected, asked, sending packages."""
