"""The JSON API's generic part: every record kind is read and moved by the same few views, through the one door."""
