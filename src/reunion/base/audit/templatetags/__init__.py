"""Tags of pages about records with a history."""
