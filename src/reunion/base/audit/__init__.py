"""The audit trail: every write, and every read of something sensitive."""
