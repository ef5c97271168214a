"""Pages of the kernel: they ask the tables and call the door."""
