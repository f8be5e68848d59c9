"""Addresses of desks and of what they receive."""

from __future__ import annotations

from django.urls import path

from reunion.base.correspondence import views

urlpatterns = [
    path("items/", views.item_list, name="item_list"),
    path("items/<uuid:pk>/", views.item, name="item"),
    path("items/<uuid:pk>/answer/", views.item_answer, name="item_answer"),
    *(
        path(f"items/<uuid:pk>/{move}/", view, name=f"item_{move}")
        for move, view in views.BUTTONS.items()
    ),
    path("items/<uuid:pk>/route/", views.item_route, name="item_route"),
    path("desks/", views.desk_list, name="desk_list"),
    path("desks/<uuid:pk>/rotate/", views.desk_rotate, name="desk_rotate"),
    path("desks/<uuid:pk>/close/", views.desk_close, name="desk_close"),
]
