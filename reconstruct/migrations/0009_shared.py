"""Cars that whoever has their address may see; the queue of staff holds those of them that were reported."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reconstruct', '0008_seen'),
    ]

    operations = [
        migrations.AddField(
            model_name='reconstruction',
            name='shared',
            field=models.BooleanField(default=False, editable=False, help_text='The visitor lets whoever has its address see it.'),
        ),
        migrations.RemoveIndex(
            model_name='reconstruction',
            name='reconstruct_queue',
        ),
        migrations.AddIndex(
            model_name='reconstruction',
            index=models.Index(condition=models.Q(models.Q(('public', True), ('shared', True), _connector='OR'), ('needs_look', True)), fields=['typicality', 'id'], name='reconstruct_queue'),
        ),
    ]
