"""Puts the example cars, which the model made and which do not exist, into the gallery."""

from typing import Any

from django.core.management.base import BaseCommand

from ml.serving.runtime import load
from ml.serving.transforms import to_image
from reconstruct import uploads
from reconstruct.models import Origin, Reconstruction


class Command(BaseCommand):
    help = "Creates the example cars of the current model, once, in place of those of an earlier one."

    def handle(self, *args: Any, **options: Any) -> None:
        runtime = load()
        examples = Reconstruction.objects.examples()
        if examples.filter(model_version=runtime.version).exists():
            self.stdout.write("The example cars are there.")
            return

        outdated = list(examples)
        for x in runtime.examples():
            picture = to_image(x)
            raw_bytes = picture.width * picture.height * 3
            uploads.create(picture, upload_bytes=raw_bytes, public=True, origin=Origin.EXAMPLE)
        for car in outdated:
            car.delete()
        self.stdout.write(f"{len(runtime.examples())} example cars are in the gallery.")
