"""Addresses of the pages of tokens."""

from __future__ import annotations

from django.urls import path

from reunion.base.tokens import views

urlpatterns = [
    path("me/tokens/", views.token_list, name="token_list"),
    path("me/tokens/new/", views.token_new, name="token_new"),
    path("me/tokens/<uuid:pk>/fetch/", views.token_fetch, name="token_fetch"),
    path("me/tokens/<uuid:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("tokens/", views.token_register, name="token_register"),
    path("tokens/<uuid:pk>/revoke/", views.token_stop, name="token_stop"),
    path("posts/<uuid:pk>/token/", views.token_grant, name="token_grant"),
]
