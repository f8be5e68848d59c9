"""Setting a system up, keeping backups, restoring and upgrading it; and reading its audit trail."""
