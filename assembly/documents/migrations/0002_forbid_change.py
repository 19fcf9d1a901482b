"""What proves a document is append-only: the database itself refuses to change or delete it."""

from django.db import migrations

TABLES = ("documents_revision", "documents_signature", "documents_manifestentry", "documents_manifestseal")

FORWARD = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
"""
    for table in TABLES
) + """
CREATE TRIGGER documents_blob_frozen BEFORE UPDATE OR TRUNCATE ON documents_blob
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
"""

BACKWARD = "".join(f"DROP TRIGGER {table}_frozen ON {table};" for table in (*TABLES, "documents_blob")) + (
    "DROP FUNCTION documents_refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
