"""The database's own guard of ownership.

PostgreSQL checks at the end of each transaction, exactly and for every day of an asset's life, that the shares sum to one
and that no owner has two periods at once; the asset's row is locked first, so that two transactions cannot each pass
alone. SQLite has no check at the end of a transaction: it refuses at once an owner with two periods on one day and shares
beyond one, and cannot refuse a gap, which every change of owner passes through.

An asset without any share is left alone: it is being registered, or removed.
"""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION portfolio_check_ownership(target bigint) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        life record; twice record; cut date; held record; part numeric; whole numeric;
    BEGIN
        SELECT starts_on, ends_on INTO life FROM portfolio_asset WHERE id = target FOR UPDATE;
        IF NOT FOUND OR NOT EXISTS (SELECT 1 FROM portfolio_ownership WHERE asset_id = target) THEN
            RETURN;
        END IF;
        SELECT greatest(a.starts_on, b.starts_on) AS day INTO twice
        FROM portfolio_ownership a JOIN portfolio_ownership b
            ON a.asset_id = b.asset_id AND a.organisation_id = b.organisation_id AND a.id < b.id
            AND a.starts_on <= coalesce(b.ends_on, 'infinity') AND b.starts_on <= coalesce(a.ends_on, 'infinity')
        WHERE a.asset_id = target LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'asset %: one owner has two shares on %', target, twice.day USING ERRCODE = '23514';
        END IF;
        FOR cut IN
            SELECT DISTINCT day FROM (
                SELECT life.starts_on AS day
                UNION SELECT starts_on FROM portfolio_ownership WHERE asset_id = target
                UNION SELECT ends_on + 1 FROM portfolio_ownership WHERE asset_id = target AND ends_on IS NOT NULL
            ) days
            WHERE day >= life.starts_on AND (life.ends_on IS NULL OR day <= life.ends_on) ORDER BY day
        LOOP
            part := 0; whole := 1;
            FOR held IN
                SELECT numerator, denominator FROM portfolio_ownership
                WHERE asset_id = target AND starts_on <= cut AND coalesce(ends_on, 'infinity') >= cut
            LOOP
                part := part * held.denominator + held.numerator * whole;
                whole := whole * held.denominator;
            END LOOP;
            IF part <> whole THEN
                RAISE EXCEPTION 'asset %: the shares sum to %/% on %', target, part, whole, cut
                    USING ERRCODE = '23514';
            END IF;
        END LOOP;
    END $$
    """,
    """
    CREATE FUNCTION portfolio_ownership_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN PERFORM portfolio_check_ownership(OLD.asset_id); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM portfolio_check_ownership(NEW.asset_id); END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION portfolio_life_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM portfolio_check_ownership(NEW.id);
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER portfolio_ownership_whole AFTER INSERT OR UPDATE OR DELETE ON portfolio_ownership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portfolio_ownership_changed()
    """,
    """
    CREATE CONSTRAINT TRIGGER portfolio_asset_life_owned AFTER UPDATE OF starts_on, ends_on ON portfolio_asset
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portfolio_life_changed()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER portfolio_asset_life_owned ON portfolio_asset",
    "DROP TRIGGER portfolio_ownership_whole ON portfolio_ownership",
    "DROP FUNCTION portfolio_life_changed()",
    "DROP FUNCTION portfolio_ownership_changed()",
    "DROP FUNCTION portfolio_check_ownership(bigint)",
]

TWICE = """
    EXISTS (
        SELECT 1 FROM portfolio_ownership other
        WHERE other.id <> NEW.id AND other.asset_id = NEW.asset_id AND other.organisation_id = NEW.organisation_id
            AND other.starts_on <= coalesce(NEW.ends_on, '9999-12-31')
            AND coalesce(other.ends_on, '9999-12-31') >= NEW.starts_on
    )
"""
BEYOND = """
    EXISTS (
        SELECT 1 FROM portfolio_ownership cut
        WHERE cut.asset_id = NEW.asset_id AND 1.000000001 < (
            SELECT sum(held.numerator * 1.0 / held.denominator) FROM portfolio_ownership held
            WHERE held.asset_id = cut.asset_id AND held.starts_on <= cut.starts_on
                AND coalesce(held.ends_on, '9999-12-31') >= cut.starts_on
        )
    )
"""
EVENTS = {"insert": "INSERT", "update": "UPDATE"}
CASES = {
    "twice": (TWICE, "one owner has two shares of an asset on one day"),
    "beyond": (BEYOND, "the shares of an asset sum to more than one on some day"),
}


def guard(apps, schema_editor):
    """Lay the triggers of the database in use."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement, params=None)
    elif schema_editor.connection.vendor == "sqlite":
        for event, word in EVENTS.items():
            for case, (condition, message) in CASES.items():
                schema_editor.execute(
                    f"CREATE TRIGGER portfolio_ownership_{case}_{event} AFTER {word} ON portfolio_ownership "
                    f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )


def unguard(apps, schema_editor):
    """Take them away."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL_BACK:
            schema_editor.execute(statement, params=None)
    elif schema_editor.connection.vendor == "sqlite":
        for event in EVENTS:
            for case in CASES:
                schema_editor.execute(f"DROP TRIGGER portfolio_ownership_{case}_{event}")


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0002_coownership")]
    operations = [migrations.RunPython(guard, unguard, elidable=False)]
