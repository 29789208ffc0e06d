"""Read side: functions returning frozen rows; they never hand out a mapped object or a session."""
