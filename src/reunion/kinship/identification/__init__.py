"""Joint identification: several sought persons of one family, and several candidates, at once."""
