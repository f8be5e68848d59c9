"""Addresses of assignments."""

from __future__ import annotations

from django.urls import path

from reunion.base.assignments import views

urlpatterns = [
    path("assignments/", views.assignment_list, name="assignment_list"),
    path("assignments/new/", views.assignment_new, name="assignment_new"),
    path("assignments/<uuid:pk>/", views.assignment, name="assignment"),
    path("assignments/<uuid:pk>/edit/", views.assignment_edit, name="assignment_edit"),
    path("assignments/<uuid:pk>/report/", views.assignment_report, name="assignment_report"),
    path("assignments/<uuid:pk>/progress/", views.assignment_progress, name="assignment_progress"),
    *(
        path(f"assignments/<uuid:pk>/{move}/", view, name=f"assignment_{move}")
        for move, view in views.BUTTONS.items()
    ),
]
