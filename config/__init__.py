"""Settings, addresses and servers of the product. May import everything; nobody imports it."""
