"""The addresses of the public site. No address holds a receipt, or anything of who writes to us."""

from __future__ import annotations

from django.urls import path

from reunion.web import public_health
from reunion.web import public_views as views

urlpatterns = [
    path("", views.home, name="public_home"),
    path("healthz", public_health.healthz, name="public_healthz"),
    path("trail/", views.trail, name="public_trail"),
    path("published/<slug:kind>/", views.text_list, name="public_text_list"),
    path("published/<slug:kind>/<slug:key>/", views.text, name="public_text"),
    path("write/<slug:kind>/", views.letter, name="public_letter"),
    path("return/", views.come_back, name="public_come_back"),
    path("return/write/", views.write_on, name="public_write_on"),
]

handler400 = "reunion.web.public_guard.bad_request"
handler403 = "reunion.web.public_guard.forbidden"
handler404 = "reunion.web.public_guard.not_found"
handler500 = "reunion.web.public_guard.fault"
