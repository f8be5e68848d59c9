"""Checks of samples and families before a search: what does not fit, and what would explain it.

Every check returns findings: plain values that name samples, persons, markers and numbers. Nothing
is corrected, and one mismatch excludes nobody.
"""
