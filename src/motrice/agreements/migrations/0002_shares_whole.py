"""The database's own guard of the shares of a licence.

PostgreSQL checks at the end of each transaction, exactly, that the shares of a licence sum to one; the licence's row is
locked first, so that two transactions cannot each pass alone. SQLite has no check at the end of a transaction: it refuses
at once shares beyond one, and cannot refuse a lack, which every change of the shares passes through.

A licence without any asset is left alone: it is being written, or removed.
"""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION agreements_check_shares(target bigint) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        held record; part numeric := 0; whole numeric := 1;
    BEGIN
        PERFORM 1 FROM agreements_licence WHERE id = target FOR UPDATE;
        IF NOT FOUND OR NOT EXISTS (SELECT 1 FROM agreements_licensedasset WHERE licence_id = target) THEN
            RETURN;
        END IF;
        FOR held IN SELECT numerator, denominator FROM agreements_licensedasset WHERE licence_id = target LOOP
            part := part * held.denominator + held.numerator * whole;
            whole := whole * held.denominator;
        END LOOP;
        IF part <> whole THEN
            RAISE EXCEPTION 'licence %: the shares of its assets sum to %/%', target, part, whole
                USING ERRCODE = '23514';
        END IF;
    END $$
    """,
    """
    CREATE FUNCTION agreements_shares_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN PERFORM agreements_check_shares(OLD.licence_id); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM agreements_check_shares(NEW.licence_id); END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER agreements_shares_whole AFTER INSERT OR UPDATE OR DELETE ON agreements_licensedasset
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agreements_shares_changed()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER agreements_shares_whole ON agreements_licensedasset",
    "DROP FUNCTION agreements_shares_changed()",
    "DROP FUNCTION agreements_check_shares(bigint)",
]
BEYOND = """
    1.000000001 < (
        SELECT sum(held.numerator * 1.0 / held.denominator) FROM agreements_licensedasset held
        WHERE held.licence_id = NEW.licence_id
    )
"""
EVENTS = {"insert": "INSERT", "update": "UPDATE"}


def guard(apps, schema_editor):
    """Lay the triggers of the database in use."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement, params=None)
    elif schema_editor.connection.vendor == "sqlite":
        for event, word in EVENTS.items():
            schema_editor.execute(
                f"CREATE TRIGGER agreements_shares_beyond_{event} AFTER {word} ON agreements_licensedasset "
                f"WHEN {BEYOND} BEGIN SELECT RAISE(ABORT, 'the shares of a licence sum to more than one'); END"
            )


def unguard(apps, schema_editor):
    """Take them away."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL_BACK:
            schema_editor.execute(statement, params=None)
    elif schema_editor.connection.vendor == "sqlite":
        for event in EVENTS:
            schema_editor.execute(f"DROP TRIGGER agreements_shares_beyond_{event}")


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard, elidable=False)]
