"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from reunion.base.notices import views

urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/<uuid:pk>/read/", views.notice_read, name="notice_read"),
]
