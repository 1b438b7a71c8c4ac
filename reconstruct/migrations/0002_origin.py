"""Where a car's picture comes from, in place of whether it is an example; and the car that it was steered from."""

import django.db.models.deletion
from django.db import migrations, models

ORIGINS = [
    ("photograph", "Photograph"),
    ("example", "Made up"),
    ("steered", "Steered"),
    ("dreamt", "Dreamt"),
    ("code", "From a code"),
]


def to_origin(apps, schema_editor):
    apps.get_model("reconstruct", "Reconstruction").objects.filter(is_example=True).update(origin="example")


def to_is_example(apps, schema_editor):
    apps.get_model("reconstruct", "Reconstruction").objects.filter(origin="example").update(is_example=True)


class Migration(migrations.Migration):
    dependencies = [("reconstruct", "0001_initial")]

    operations = [
        migrations.AddField(
            "reconstruction", "origin", models.CharField(choices=ORIGINS, default="photograph", max_length=10)
        ),
        migrations.RunPython(to_origin, to_is_example),
        migrations.RemoveIndex("reconstruction", "reconstruct_examples"),
        migrations.RemoveField("reconstruction", "is_example"),
        migrations.AddIndex(
            "reconstruction",
            models.Index(
                condition=models.Q(("approved", True), ("origin", "example"), ("public", True)),
                fields=["-id"],
                name="reconstruct_examples",
            ),
        ),
        migrations.AddField(
            "reconstruction",
            "parent",
            models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The car that it was steered from.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="children",
                to="reconstruct.reconstruction",
            ),
        ),
    ]
