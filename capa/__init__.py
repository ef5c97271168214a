"""Audits, nonconformities and corrective action."""
