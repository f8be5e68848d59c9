"""What everybody may read, in a store of its own: the public process reads nothing else."""
