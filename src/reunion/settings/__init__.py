"""Django settings: one module for each process, over what they have in common.

`internal` serves the agencies, `public` everybody, `worker` does long work, `signer` seals the
audit trail. Each holds only the keys and stores of its own work; docs/processes.md says which.
"""
