"""Who asks for a large export, and how large it may be."""

from __future__ import annotations

ACT = "export_bulk"
PROPOSE, APPROVE = "approvals.propose_export", "approvals.approve_export"

LARGEST = 50_000
"""Rows of one file: it is made while its reader waits."""
