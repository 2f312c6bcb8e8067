"""Questions for several things: whole lists, rows of tables that meet a condition, and the points of a matter."""
