"""The sealed inbox: what the public sends, readable by one desk, the sender and the escrow only."""
