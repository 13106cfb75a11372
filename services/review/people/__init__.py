"""Accounts, roles and jurisdictions."""
