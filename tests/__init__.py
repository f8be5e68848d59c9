"""All tests; the folders mirror `src/reunion`."""
