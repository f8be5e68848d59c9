"""Addresses of attachments."""

from __future__ import annotations

from django.urls import path

from reunion.base.attachments import views

urlpatterns = [
    path("attachments/<uuid:pk>/", views.attachment, name="attachment"),
    path("attachments/<uuid:pk>/file/", views.attachment_file, name="attachment_file"),
    path("attachments/<uuid:pk>/original/", views.attachment_original, name="attachment_original"),
    path("attachments/<uuid:pk>/destroy/", views.attachment_destroy, name="attachment_destroy"),
]
