"""Files that laboratories exchange with Reunion: strict readers, and writers that never half-write.

A reader returns what can be used and a complaint for everything that cannot. A file that is
damaged as a whole raises `DataRefused`.
"""
