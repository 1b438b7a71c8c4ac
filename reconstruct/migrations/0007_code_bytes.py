from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reconstruct', '0006_moderation'),
    ]

    operations = [
        migrations.AddField(
            model_name='reconstruction',
            name='code_bytes',
            field=models.PositiveIntegerField(editable=False, help_text='Length of the car’s file. None for an older car until place_cars runs.', null=True),
        ),
        migrations.AlterField(
            model_name='reconstruction',
            name='bytes_by_depth',
            field=models.JSONField(help_text='Rate of the code up to each depth, in bytes.'),
        ),
    ]
