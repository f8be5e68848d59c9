"""The door through which a server reaches a site; the settings say which site it is."""

from __future__ import annotations

import gc

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from reunion.settings.environment import require_tls

require_tls()
# All that is loaded here stays. To look through it for what can go costs an eighth of the start,
# and later a pause of a tenth of a second in the middle of some page.
gc.disable()
application = get_wsgi_application()
resolve("/")  # loads the views of all addresses, before anybody asks for a page
gc.freeze()
gc.enable()
