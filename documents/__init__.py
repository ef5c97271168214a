"""Controlled documents, legal documents, and what a change of law touches."""
