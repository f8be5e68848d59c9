"""The parts of pages that all rooms share: pictures, dates, tables, filters."""
