"""One module a screen. A screen shows and asks; it decides nothing."""
