"""What staff see and do. Django looks here for it; the admin's own pages are in reconstruct.admin_site."""

from reconstruct.admin import cars

__all__ = ["cars"]
