"""The command `reunion`: its parts, and what happens when something goes wrong.

Whatever a command imports beyond this, it imports when it runs, so that help comes at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from reunion import __version__
from reunion.cli import doctor, kinship, run
from reunion.cli.console import say
from reunion.cli.environment import DEBUG, read_environment
from reunion.cli.errors import CommandError, Status
