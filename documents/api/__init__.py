"""The JSON API of document control: record kinds, documents, and what starts them."""
