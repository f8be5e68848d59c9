"""Addresses of units, staff and posts."""

from __future__ import annotations

from django.urls import path

from reunion.base.units import views

urlpatterns = [
    path("units/", views.unit_list, name="unit_list"),
    path("units/new/", views.unit_new, name="unit_new"),
    path("units/<uuid:pk>/", views.unit, name="unit"),
    path("units/<uuid:pk>/rename/", views.unit_rename, name="unit_rename"),
    path("units/<uuid:pk>/witness/", views.unit_witness, name="unit_witness"),
    path("units/<uuid:pk>/close/", views.unit_close, name="unit_close"),
    path("units/<uuid:pk>/appoint/", views.post_new, name="post_new"),
    path("posts/<uuid:pk>/end/", views.post_end, name="post_end"),
    path("staff/", views.staff_list, name="staff_list"),
    path("staff/new/", views.staff_new, name="staff_new"),
    path("staff/<uuid:pk>/", views.staff_member, name="staff_member"),
]
