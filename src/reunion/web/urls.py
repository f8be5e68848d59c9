"""The addresses of the internal site."""

from __future__ import annotations

from django.urls import include, path

from reunion.web.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("reunion.base.accounts.urls")),
    path("", include("reunion.base.units.urls")),
    path("", include("reunion.base.notices.urls")),
    path("", include("reunion.base.attachments.urls")),
    path("", include("reunion.base.approvals.urls")),
    path("", include("reunion.base.assignments.urls")),
    path("", include("reunion.base.emergency.urls")),
    path("", include("reunion.base.rights.urls")),
    path("", include("reunion.base.correspondence.urls")),
]
