"""Pages of audits and corrective action."""
