"""The kernel: people and seats, tables, the one door, the ledger, the inbox. It knows no document."""
