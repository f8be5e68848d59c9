"""Keys of single persons: sealed fields, search tokens, destruction."""
