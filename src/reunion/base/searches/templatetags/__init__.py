"""Template tags of saved searches."""
