"""The child process: it reads a file from a pipe, cleans it, and writes the answer to a pipe.

Before it looks at the file it gives up memory, time, files, processes and the network: with three
descriptors open and none to be had, no file and no socket can be opened.
"""

from __future__ import annotations

import encodings.ascii
import encodings.cp437
import encodings.gb18030
import encodings.idna
import encodings.latin_1
import encodings.utf_8_sig
import encodings.utf_16
import resource
import sys

from reunion.base.attachments.cleaning.clean import cleaner_of
from reunion.base.attachments.cleaning.frames import answer_of, asked
from reunion.base.attachments.cleaning.kinds import kind_of
from reunion.base.attachments.rules import AttachmentRefused, Cleaned, Kind, Refusal

# Named, as an encoding that is looked for later would need a file to be opened.
ENCODINGS = (
    encodings.ascii,
    encodings.cp437,
    encodings.gb18030,
    encodings.idna,
    encodings.latin_1,
    encodings.utf_8_sig,
    encodings.utf_16,
)

MEMORY = 2**30
SECONDS = 20
DESCRIPTORS = 3


def limit() -> None:
    """Give up memory, time, output files, core files and further processes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(what, (0, 0))


def shut() -> None:
    """Open nothing from now on, neither file nor socket."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


def found(data: bytes) -> Cleaned | Refusal | BaseException:
    """What the cleaner says of one file; a fault of its own is an answer too."""
    try:
        kind = kind_of(data)
        cleaner = cleaner_of(kind)
        shut()
        return cleaner(data, kind)
    except AttachmentRefused as refused:
        return refused.reason
    except MemoryError:
        return Refusal.TOO_MUCH_INSIDE
    except Exception as error:  # noqa: BLE001 # the outermost place: the parent makes words of it
        return error


def main() -> None:
    """Answer for each file that comes, until the pipe ends."""
    limit()
    if "many" in sys.argv:
        for kind in Kind:
            cleaner_of(kind)
        shut()
    while (data := asked(sys.stdin.buffer)) is not None:
        sys.stdout.buffer.write(answer_of(found(data)))
        sys.stdout.buffer.flush()
