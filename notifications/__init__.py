"""Notices: who is told of a deed, on the page, over the socket and by mail."""
