"""Addresses of acts that need two people."""

from __future__ import annotations

from django.urls import path

from reunion.base.approvals import views

urlpatterns = [
    path("approvals/", views.proposal_list, name="proposal_list"),
    path("approvals/<uuid:pk>/", views.proposal, name="proposal"),
    path("approvals/<uuid:pk>/approve/", views.proposal_approve, name="proposal_approve"),
    path("approvals/<uuid:pk>/refuse/", views.proposal_refuse, name="proposal_refuse"),
    *(
        path(f"approvals/<uuid:pk>/{move}/", view, name=f"proposal_{move}")
        for move, view in views.BUTTONS.items()
    ),
]
