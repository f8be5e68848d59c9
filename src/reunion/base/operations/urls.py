"""Addresses of the audit trail."""

from __future__ import annotations

from django.urls import path

from reunion.base.operations import views

urlpatterns = [
    path("audit/", views.treehead_list, name="treehead_list"),
    path("audit/request/", views.treehead_request, name="treehead_request"),
    path("audit/entries/", views.auditentry_list, name="auditentry_list"),
    path("audit/entries/<str:kind>/<uuid:pk>/", views.audited_record, name="audited_record"),
]
