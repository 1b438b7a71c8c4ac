"""The figures of a car in words, for pages and API."""

from ml.serving.typicality import FAMILIAR

# The lowest PSNR in dB of each quality, best first.
QUALITIES = (("excellent", 30.0), ("good", 26.0), ("fair", 22.0), ("poor", float("-inf")))
VERDICTS = {
    "excellent": "Excellent: at 128 pixels, the size that the model sees, you have to look closely to tell the two "
    "apart. Enlarged, they differ in fine detail.",
    "good": "Good: shape, stance and paint came back, and only fine detail went soft.",
    "fair": "Fair: it is clearly this car, with its details smoothed over.",
    "poor": "Poor: the model only kept a rough idea of this picture.",
}

# The lowest typicality of each, most familiar first. 97 of 100 held-out cars are familiar.
FAMILIARITIES = (("familiar", FAMILIAR), ("unusual", 0.005), ("strange", 0.0))
FAMILIARITY_WORDS = {
    "familiar": "It looks much like the cars that the model learned from.",
    "unusual": "The model has seen few cars like this one.",
    "strange": "The model has hardly seen anything like it. It may not be a car, or not from the side.",
}
NO_CAR = "This may not be a car"
STRANGE = "It looks little like the cars that the model learned from, and the model knows nothing else."

# What each level adds, the top one first.
DEPTH_WORDS = (
    "The idea of a car: colour, size, pose",
    "Its shape: roof, bonnet, wheels",
    "Windows, doors, shadows",
    "Edges and reflections",
    "Details: lamps, grille, rims",
)

# By origin; a photograph has none.
ORIGIN_WORDS = {
    "photograph": "",
    "example": "Made by the model: this car does not exist",
    "steered": "Steered: another car, moved along the model’s own directions",
    "dreamt": "Dreamt by the model: this car does not exist",
    "code": "From a code: the model decoded it from a file",
}


def title(code_bytes: int | None) -> str:
    """What a car's page is called, by the length of its file."""
    return "A car and its code" if code_bytes is None else f"A car in {code_bytes:,} bytes"


def depth_words(number: int) -> str:
    return DEPTH_WORDS[min(number, len(DEPTH_WORDS)) - 1]


def quality(psnr_db: float) -> str:
    return next(quality for quality, at_least_db in QUALITIES if psnr_db >= at_least_db)


def familiarity(typicality: float) -> str:
    return next(familiarity for familiarity, at_least in FAMILIARITIES if typicality >= at_least)


def verdict(psnr_db: float, typicality: float) -> str:
    """In a sentence. What is hardly a car gets no praise: a close copy of it says nothing about the model of cars."""
    return STRANGE if familiarity(typicality) == "strange" else VERDICTS[quality(psnr_db)]


def who_sees_it(*, public: bool, approved: bool, shared: bool, hidden: bool, needs_look: bool) -> str:
    """What a visitor reads of their car: where it is, and who can see it."""
    if not public and not shared:
        return "Private: only you and staff can see it"
    if hidden:
        until = " until someone of us has looked at it" if needs_look else ""
        return f"Taken out of sight{until}: only you and staff can see it"
    if not public:
        return "By its link: whoever has it can see the car, and staff"
    if not approved:
        others = "you, whoever has its link, and staff" if shared else "you and staff"
        return f"Waiting for approval: until then only {others} can see it"
    return "In the gallery: everyone can see it"
