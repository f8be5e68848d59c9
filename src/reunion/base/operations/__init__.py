"""Setting a system up, keeping backups, restoring and upgrading it."""
