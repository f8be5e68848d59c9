"""Acts that need two people: proposed by one, approved by another of another unit, used once."""
