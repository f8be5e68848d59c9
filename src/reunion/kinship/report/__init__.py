"""The report of one lead: all that another expert needs to redo the sum, as values, JSON and PDF.

Values and JSON need the libraries of the engine only; `pdf` needs the extra `report`.
"""
