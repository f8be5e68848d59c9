"""Packs: what is known about the world, as data: markers, mutation rates, kits, frequency tables."""
