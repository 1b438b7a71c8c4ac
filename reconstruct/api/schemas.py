"""What the API takes and answers, as JSON Schema."""

import math

from ml.serving.runtime import Runtime
from ml.serving.transforms import IMAGE_SIZE
from reconstruct import code_json
from reconstruct.api.openapi import Schema, number, ref, text
from reconstruct.models import Origin

PICTURE: Schema = {"type": "string", "contentMediaType": "image/png"}
FILE: Schema = {"type": "string", "contentMediaType": "application/octet-stream"}
CAR: Schema = {
    "type": "object",
    "properties": {
        "slug": text("What the car is called in addresses."),
        "url": text("Its page.", format="uri"),
        "created_at": text("When it was created.", format="date-time"),
        "origin": text("Where its picture comes from.", enum=Origin.values),
        "in_gallery": {"type": "boolean", "description": "Whether everyone may see it."},
        "width": {"type": "integer", "description": "Of the stored original, in pixels."},
        "height": {"type": "integer", "description": "Of the stored original, in pixels."},
        "upload_bytes": {"type": "integer", "description": "Size of the file that was sent."},
        "bytes_by_depth": {"type": "array", "items": number("Rate up to this depth, in bytes.")},
        "code_bytes": {"type": ["integer", "null"], "description": "Length of its file; null until it is measured."},
        "file_url": text("The file of its code.", format="uri"),
        "psnr_db": number("How close the reconstruction is, in decibels."),
        "ssim": number("How alike lines and textures are; 1 is identical."),
        "typicality": number(
            "The share of the cars held out from training that are stranger: an aid to a reader, not a guard against "
            "pictures of other things.",
            minimum=0,
            maximum=1,
        ),
        "mirrored": {"type": "boolean", "description": "Whether the model looked at it in a mirror."},
        "verdict": text("How close the reconstruction is, in words."),
        "familiarity_words": text("How much it looks like the cars that the model knows, in words."),
        "elapsed_ms": number("Time that the model took, in milliseconds."),
        "model_version": text("The model that rebuilt it."),
        "pictures": {
            "type": "object",
            "properties": {
                name: text(words, format="uri")
                for name, words in {
                    "original": "The photograph, as it is stored.",
                    "reconstruction": "Its reconstruction.",
                    "thumbnail": "The photograph, small.",
                }.items()
            },
        },
        "key": text("Only in the answer to an upload: what opens the car."),
    },
}
CAR |= {"required": [name for name in CAR["properties"] if name != "key"], "additionalProperties": False}
CARS: Schema = {
    "type": "object",
    "required": ["cars"],
    "properties": {
        "cars": {"type": "array", "items": ref("Car")},
        "older": {"type": ["string", "null"], "format": "uri", "description": "The address of the cars before these."},
    },
}
UPLOAD: Schema = {
    "type": "object",
    "required": ["image"],
    "properties": {
        "image": text(
            "JPEG, PNG, WebP, AVIF, GIF, BMP or TIFF.", contentMediaType="application/octet-stream", minLength=1
        ),
        "public": text("Whether the gallery shows it.", enum=["true", "false"], default="false"),
    },
}


def code(runtime: Runtime) -> Schema:
    """A code as version 1.0 gave it, with this model's numbers: it reads no other's."""
    start = {"type": "integer", "minimum": 0, "maximum": IMAGE_SIZE - code_json.LEAST_SIDE}
    end = {"type": "integer", "minimum": code_json.LEAST_SIDE, "maximum": IMAGE_SIZE}
    characters = 4 * math.ceil(2 * sum(runtime.level_sizes) / 3)  # in base64, of two bytes a number
    return {
        "type": "object",
        "description": "A code as version 1.0 of this API gave it. Only the model that wrote it can read it.",
        "required": ["format", "model", "frame", "mirrored", "encoding", "mean"],
        "properties": {
            "format": {"const": code_json.FORMAT},
            "model": {"const": runtime.version, "description": "The version of the model that wrote it."},
            "level_sizes": {"type": "array", "items": {"type": "integer"}},
            "frame": {
                "type": "array",
                "description": f"Left, top, right and bottom, in pixels, at least {code_json.LEAST_SIDE} apart.",
                "prefixItems": [start, start, end, end],
                "minItems": 4,
                "maxItems": 4,
            },
            "mirrored": {"type": "boolean"},
            "encoding": {"const": code_json.MEAN},
            "mean": text("The numbers.", contentEncoding="base64", minLength=characters, maxLength=characters),
        },
    }


def prices(runtime: Runtime) -> Schema:
    low, high = runtime.prices
    return {"minimum": low, "maximum": high}


def up_to_depths(runtime: Runtime) -> Schema:
    return {"maximum": runtime.depths}
