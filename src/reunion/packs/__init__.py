"""Packs: what is known about the world, as data: markers, kits, rates, frequency tables."""
