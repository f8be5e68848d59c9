"""Reunion: the operating system of a national fight against the trafficking of people."""
