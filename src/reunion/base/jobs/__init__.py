"""Long work in the background, with progress, that survives a restart; and duties that come round.

An app has a module `work` with its kinds of jobs and its duties; both are found by themselves.
"""
