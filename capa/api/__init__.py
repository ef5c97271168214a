"""The JSON API of audits and corrective action."""
