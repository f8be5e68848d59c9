"""Case desks: they open what the public sent, answer it, and close it."""
