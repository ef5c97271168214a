"""Figures that the product promises, measured beside their floor in the same run."""
