"""The tables of this app. A machine file imports no model."""
