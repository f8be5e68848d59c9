"""A small app with sealed fields, as the rooms above base have them: for tests only."""
