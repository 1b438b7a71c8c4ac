"""When visitors were last here; of those that there are, nobody knows, so it is today."""

from django.db import migrations, models

import reconstruct.models


def see_all(apps, schema_editor):
    car, standing = (apps.get_model("reconstruct", name) for name in ("Reconstruction", "Standing"))
    visitors = car.objects.exclude(visitor="").order_by().values_list("visitor", flat=True).distinct()
    standing.objects.bulk_create(
        (standing(visitor=visitor) for visitor in visitors.iterator()), batch_size=1000, ignore_conflicts=True
    )


class Migration(migrations.Migration):

    dependencies = [
        ('reconstruct', '0007_code_bytes'),
    ]

    operations = [
        migrations.AddField(
            model_name='standing',
            name='seen_on',
            field=models.DateField(default=reconstruct.models.today, help_text='The day of their last visit.'),
        ),
        migrations.RunPython(see_all, migrations.RunPython.noop),
    ]
