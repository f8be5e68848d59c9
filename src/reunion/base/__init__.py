"""What every app stands on: units and people, access, audit, keys, assignments, rights, processes.

Each room is one mechanism, with the files of an app: rules, models, access, actions.
"""
