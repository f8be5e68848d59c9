"""Addresses of emergency openings."""

from __future__ import annotations

from django.urls import path

from reunion.base.emergency import views

urlpatterns = [
    path("emergency/", views.opening_list, name="breakglass_list"),
    path("emergency/own/", views.own, name="breakglass_own"),
    path("emergency/new/", views.opening_new, name="breakglass_new"),
    path("emergency/<uuid:pk>/", views.opening, name="breakglass"),
    path("emergency/<uuid:pk>/review/", views.opening_review, name="breakglass_review"),
]
