"""Addresses of the pages of webhooks."""

from __future__ import annotations

from django.urls import path

from reunion.base.webhooks import views

urlpatterns = [
    path("webhooks/", views.webhook_list, name="webhook_list"),
    path("webhooks/new/", views.webhook_new, name="webhook_new"),
    path("webhooks/<uuid:pk>/", views.webhook, name="webhook"),
    path("webhooks/<uuid:pk>/end/", views.webhook_end, name="webhook_end"),
]
