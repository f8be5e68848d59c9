"""Lists with more rows than one person takes along: asked for by one, approved by another unit."""
