"""Kinship from DNA: compile a family into tables once, then scan a national database exactly.

Import from the module that owns a name (`reunion.kinship.pedigree`, `.compile`, `.scan`, ...);
this package file stays empty so that a process which only needs pedigrees never loads numba.
"""
