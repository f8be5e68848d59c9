"""Slow, plain computations that the product is checked against; they use none of its code."""
