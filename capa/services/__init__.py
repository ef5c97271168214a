"""Services of audits and corrective action: what spans several records."""
