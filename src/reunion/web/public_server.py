"""How gunicorn runs the public site: no log of who came, and one memory before the processes part.

gunicorn --config python:reunion.web.public_server reunion.web.wsgi
"""

from __future__ import annotations

import os
import resource

from reunion.settings.environment import value

bind = f"{value('HOST')}:{int(value('PORT')) + 1}"
workers = 2 * (os.cpu_count() or 1)
# All processes must know the key of conversations, which is made when the settings are loaded.
preload_app = True
accesslog = None
errorlog = "-"
loglevel = "critical"  # its own lines about bad requests name addresses
control_socket_disable = True
worker_tmp_dir = "/dev/shm"  # noqa: S108 # a file without content, by which it sees that they live
timeout = 60
limit_request_line = 2_048
limit_request_fields = 60

# A core file would be a picture of the memory, on a disk.
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
