"""Date and number formats by language (stack.md, finding 1)."""
