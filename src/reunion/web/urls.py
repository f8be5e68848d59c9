"""The addresses of the internal site."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from reunion.web import health
from reunion.web.components import components
from reunion.web.picture_examples import picture_examples
from reunion.web.views import home, search

urlpatterns = [
    path("", home, name="home"),
    path("components/", components, name="components"),
    path("components/pictures/", picture_examples, name="picture_examples"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("find/", search, name="find"),
    path("", include("reunion.base.accounts.urls")),
    path("", include("reunion.base.units.urls")),
    path("", include("reunion.base.notices.urls")),
    path("", include("reunion.base.searches.urls")),
    path("", include("reunion.base.tokens.urls")),
    path("", include("reunion.base.webhooks.urls")),
    path("api/", include("reunion.web.api")),
    path("", include("reunion.base.attachments.urls")),
    path("", include("reunion.base.approvals.urls")),
    path("", include("reunion.base.assignments.urls")),
    path("", include("reunion.base.emergency.urls")),
    path("", include("reunion.base.rights.urls")),
    path("", include("reunion.base.exports.urls")),
    path("", include("reunion.base.correspondence.urls")),
    path("", include("reunion.base.jobs.urls")),
    path("", include("reunion.base.operations.urls")),
]
if settings.MODE == "demo":
    urlpatterns += [path("", include("reunion.demo.urls"))]

handler400 = "reunion.web.refusals.bad_request"
handler404 = "reunion.web.refusals.not_found"
handler500 = "reunion.web.refusals.fault"
