"""The pages about accounts: one's own, their administration, and recoveries."""
