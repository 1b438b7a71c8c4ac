"""Limits on the requests of one visitor, of one address, and of all together."""
