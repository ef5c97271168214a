"""Addresses for people who are not logged in, and those of accounts."""

from __future__ import annotations

PUBLIC_PAGES = {
    "documents:robots", "documents:public_agencies", "documents:public_sitemaps", "documents:public_agency",
    "documents:public_scope", "documents:public_sitemap", "documents:public_document", "documents:public_check",
    "documents:public_qr",
}  # fmt: skip
"""For everybody, logged in or not; 404 for an agency that never published."""
OPEN_PAGES = {"source", "healthz", "readyz", "account_login", "account_reset_password", "account_inactive"}
ACCOUNT = {"account_logout", "account_reauthenticate", "account_change_password"}
CLOSED_ACCOUNT = {
    "account_signup", "account_email", "account_email_verification_sent", "account_set_password",
    "account_confirm_login_code", "account_confirm_email", "account_reset_password_from_key_done",
    "account_reset_password_from_key", "account_reset_password_done",
}  # fmt: skip
