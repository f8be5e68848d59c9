"""The door through which a server reaches a site; the settings say which site it is."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from reunion.settings.environment import require_tls

require_tls()
application = get_wsgi_application()
