"""What the registers on the screen share: filter bar, table, export."""
