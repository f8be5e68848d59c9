"""Addresses of acts that need two people."""

from __future__ import annotations

from django.urls import path

from reunion.base.approvals import views

urlpatterns = [
    path("approvals/", views.proposal_list, name="proposal_list"),
    path("approvals/<uuid:pk>/", views.proposal, name="proposal"),
    path("approvals/<uuid:pk>/approve/", views.proposal_approve, name="proposal_approve"),
    path("approvals/<uuid:pk>/refuse/", views.proposal_refuse, name="proposal_refuse"),
    path("approvals/<uuid:pk>/withdraw/", views.proposal_withdraw, name="proposal_withdraw"),
]
