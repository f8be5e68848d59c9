"""The demonstration: an invented system with sign-ins for every role, for newcomers and tests.

The room is there in demo mode alone: in production it is no installed app, and has no tables.
"""
