"""Three reports on paper as rows with records, and their figures counted by the product's own roll-up.

``frame``: what a report is, and how its figures are told. ``places``: agencies that stand in more than one report.
``playing``: which reports there are, one module each.
"""
