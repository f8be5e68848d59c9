"""Addresses of the demonstration; the site has them in demo mode alone."""

from __future__ import annotations

from django.urls import path

from reunion.demo import views

urlpatterns = [
    path("tour/", views.tour, name="tour"),
    path("practice/", views.practice_case_list, name="practicecase_list"),
    path("practice/<uuid:pk>/", views.practice_case, name="practicecase"),
]
