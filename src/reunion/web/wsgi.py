"""The door through which a server reaches a site; the settings say which site it is."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
