"""Addresses of signing in and of accounts. Of allauth's pages only these are there."""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as key_views
from django.urls import path

from reunion.base.accounts.freshness import rekeyed
from reunion.base.accounts.views import administration, factors, own, recovery
from reunion.base.permissions.declare import public, signed_in

_enrolling = signed_in(while_enrolling=True)
_proving = signed_in(while_enrolling=True, while_proving=True)

urlpatterns = [
    path("sign-in/", public()(allauth_views.login), name="account_login"),
    path("sign-in/first/", own.first_password, name="first_password"),
    path("sign-in/language/", own.sign_in_language, name="sign_in_language"),
    path("sign-in/factor/", public()(mfa_views.authenticate), name="mfa_authenticate"),
    path("sign-out/", own.sign_out, name="account_logout"),
    path("again/", _proving(rekeyed(allauth_views.reauthenticate)), name="account_reauthenticate"),
    path("again/code/", _proving(rekeyed(mfa_views.reauthenticate)), name="mfa_reauthenticate"),
    path(
        "again/key/",
        _proving(rekeyed(key_views.reauthenticate_webauthn)),
        name="mfa_reauthenticate_webauthn",
    ),
    path("factors/", _enrolling(mfa_views.index), name="mfa_index"),
    path("factors/app/", _enrolling(app_views.activate_totp), name="mfa_activate_totp"),
    path("factors/app/remove/", signed_in()(app_views.deactivate_totp), name="mfa_deactivate_totp"),
    path("factors/keys/", signed_in()(key_views.list_webauthn), name="mfa_list_webauthn"),
    path("factors/keys/add/", _enrolling(key_views.add_webauthn), name="mfa_add_webauthn"),
    path("factors/keys/<int:pk>/", signed_in()(key_views.edit_webauthn), name="mfa_edit_webauthn"),
    path("factors/keys/<int:pk>/remove/", factors.remove_key, name="mfa_remove_webauthn"),
    path(
        "factors/codes/",
        signed_in()(code_views.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "factors/codes/new/",
        signed_in()(code_views.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("me/post/", own.post, name="choose_post"),
    path("me/language/", own.language, name="language"),
    path("me/password/", own.password, name="password"),
    path("me/sessions/", own.sessions, name="sessions"),
    path("me/sessions/others/end/", own.end_others, name="end_other_sessions"),
    path("me/sessions/<uuid:pk>/end/", own.end_one, name="end_session"),
    path("accounts/", administration.account_list, name="account_list"),
    path("accounts/<uuid:pk>/", administration.account, name="account"),
    path("accounts/<uuid:pk>/lock/", administration.lock, name="lock_account"),
    path("accounts/<uuid:pk>/unlock/", administration.unlock, name="unlock_account"),
    path("accounts/<uuid:pk>/code/", administration.new_code, name="new_code"),
    path("staff/<uuid:staff>/account/", administration.account_new, name="account_new"),
    path("recoveries/", recovery.recovery_list, name="recovery_list"),
    path("recoveries/<uuid:pk>/", recovery.recovery, name="recovery"),
    path("recoveries/<uuid:pk>/refuse/", recovery.recovery_refuse, name="recovery_refuse"),
    path("accounts/<uuid:account>/recovery/", recovery.recovery_new, name="recovery_new"),
]
