"""Nobody is on two trips at once: who goes carries the moments and the state of the trip.

A trigger copies them at the insert, also for the version before; a foreign key on four columns keeps them equal after,
so that a trip that moves moves its lines. Where two trips of one person overlap already, the constraint is refused:
one of them is to be cancelled first (UPGRADING.md).
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mission", "0019_lists_in_alphabetical_order")]

    operations = [
        migrations.AddField("triptraveller", "starts_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("triptraveller", "ends_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("triptraveller", "state", models.CharField(editable=False, max_length=16, null=True)),
        migrations.RunSQL(
            "UPDATE mission_triptraveller line SET starts_at = trip.starts_at, ends_at = trip.ends_at,"
            " state = trip.state FROM mission_trip trip WHERE trip.id = line.row_id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("triptraveller", "starts_at", models.DateTimeField(editable=False)),
        migrations.AlterField("triptraveller", "ends_at", models.DateTimeField(editable=False)),
        migrations.AlterField("triptraveller", "state", models.CharField(editable=False, max_length=16)),
        migrations.RunSQL(
            sql=[
                "CREATE FUNCTION mission_trip_traveller_moments() RETURNS trigger LANGUAGE plpgsql AS $$"
                " BEGIN SELECT starts_at, ends_at, state INTO NEW.starts_at, NEW.ends_at, NEW.state"
                " FROM mission_trip WHERE id = NEW.row_id; RETURN NEW; END $$",
                "CREATE TRIGGER mission_trip_traveller_moments BEFORE INSERT OR UPDATE OF row_id"
                " ON mission_triptraveller FOR EACH ROW EXECUTE FUNCTION mission_trip_traveller_moments()",
                "ALTER TABLE mission_trip ADD CONSTRAINT trip_moments UNIQUE (id, starts_at, ends_at, state)",
                "ALTER TABLE mission_triptraveller ADD CONSTRAINT trip_traveller_moments_of_trip"
                " FOREIGN KEY (row_id, starts_at, ends_at, state)"
                " REFERENCES mission_trip (id, starts_at, ends_at, state) ON UPDATE CASCADE"
                " DEFERRABLE INITIALLY DEFERRED",
            ],
            reverse_sql=[
                "ALTER TABLE mission_triptraveller DROP CONSTRAINT trip_traveller_moments_of_trip",
                "ALTER TABLE mission_trip DROP CONSTRAINT trip_moments",
                "DROP TRIGGER mission_trip_traveller_moments ON mission_triptraveller",
                "DROP FUNCTION mission_trip_traveller_moments()",
            ],
        ),
        migrations.AddConstraint(
            "triptraveller",
            django.contrib.postgres.constraints.ExclusionConstraint(
                name="trip_traveller_one_trip_at_a_time",
                expressions=[
                    ("post", "="),
                    (
                        models.Func(
                            "starts_at",
                            "ends_at",
                            function="TSTZRANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                condition=models.Q(("state__in", ["draft", "ordered"])),
                violation_error_code="post",
                violation_error_message="Cette personne est déjà en déplacement à ce moment.",
            ),
        ),
    ]
