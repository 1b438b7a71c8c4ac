"""The models: columns and querysets. Django looks for all of them here."""

from reconstruct.limits.buckets import TokenBucket
from reconstruct.models.cars import Origin, Reconstruction, ReconstructionQuerySet, new_slug
from reconstruct.models.places import Place, PlaceQuerySet
from reconstruct.models.reports import Report, Standing, today

__all__ = [
    "Origin",
    "Place",
    "PlaceQuerySet",
    "Reconstruction",
    "ReconstructionQuerySet",
    "Report",
    "Standing",
    "TokenBucket",
    "new_slug",
    "today",
]
