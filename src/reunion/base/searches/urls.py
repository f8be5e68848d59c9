"""Addresses of saved searches."""

from __future__ import annotations

from django.urls import path

from reunion.base.searches import views

urlpatterns = [
    path("me/searches/", views.search_save, name="search_save"),
    path("me/searches/<uuid:pk>/forget/", views.search_forget, name="search_forget"),
]
