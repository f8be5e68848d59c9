"""Addresses of large exports."""

from __future__ import annotations

from django.urls import path

from reunion.base.exports import views

urlpatterns = [
    path("exports/new/", views.largeexport_new, name="largeexport_new"),
    path("exports/<uuid:pk>/", views.largeexport, name="largeexport"),
    path("exports/<uuid:pk>/take/", views.largeexport_take, name="largeexport_take"),
]
