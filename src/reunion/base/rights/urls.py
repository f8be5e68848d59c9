"""Addresses of rights: the data-protection officer's pages, bases, requests and registers."""

from __future__ import annotations

from django.urls import path

from reunion.base.rights.views import bases, overview, registers, requests, retention

urlpatterns = [
    path("rights/", overview.start, name="rights"),
    path("rights/uses/", overview.uses, name="rights_uses"),
    path("rights/requests/", requests.request_list, name="rightsrequest_list"),
    path("rights/requests/new/", requests.request_new, name="rightsrequest_new"),
    path("rights/requests/<uuid:pk>/", requests.request_page, name="rightsrequest"),
    path(
        "rights/requests/<uuid:pk>/show_identity/",
        requests.show_identity,
        name="rightsrequest_show_identity",
    ),
    path("rights/requests/<uuid:pk>/extend/", requests.extend, name="rightsrequest_extend"),
    *(
        path(f"rights/requests/<uuid:pk>/{move}/", view, name=f"rightsrequest_{move}")
        for move, view in requests.BUTTONS.items()
    ),
    path("rights/people/", bases.person_find, name="basis_find"),
    path("rights/people/<uuid:person>/", bases.basis_list, name="basis_list"),
    path("rights/people/<uuid:person>/new/", bases.basis_new, name="basis_new"),
    path("rights/bases/<uuid:pk>/withdraw/", bases.basis_withdraw, name="basis_withdraw"),
    path("rights/retention/", retention.clock_list, name="retentionclock_list"),
    path("rights/retention/<uuid:pk>/", retention.clock, name="retentionclock"),
    path(
        "rights/retention/<uuid:pk>/destruction/",
        retention.destruction_propose,
        name="destruction_propose",
    ),
    *(
        path(f"rights/retention/<uuid:pk>/{move}/", view, name=f"retentionclock_{move}")
        for move, view in retention.BUTTONS.items()
    ),
    path("rights/breaches/", registers.breach_list, name="breach_list"),
    path("rights/breaches/new/", registers.breach_new, name="breach_new"),
    path("rights/breaches/<uuid:pk>/", registers.breach, name="breach"),
    *(
        path(f"rights/breaches/<uuid:pk>/{move}/", view, name=f"breach_{move}")
        for move, view in registers.BUTTONS.items()
    ),
    path("rights/recipients/", registers.recipient_list, name="recipient_list"),
    path("rights/recipients/new/", registers.recipient_new, name="recipient_new"),
    path("rights/recipients/<uuid:pk>/", registers.recipient, name="recipient"),
    path("rights/recipients/<uuid:pk>/end/", registers.recipient_end, name="recipient_end"),
    path("rights/assessments/", registers.assessment_list, name="assessment_list"),
    path("rights/assessments/new/", registers.assessment_new, name="assessment_new"),
    path("rights/assessments/<uuid:pk>/", registers.assessment, name="impactassessment"),
]
