"""The last link of a complaint's chain is found by its index, however many links there are (§9).

A trigger's name of its table has the collation C, and with it every text of the function that it is handed to: `number`
was compared by C, which the index over it is not made for, so each row that was journalled read the whole chain.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ROW = """
CREATE OR REPLACE FUNCTION chain_row() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    of_table text := TG_TABLE_NAME;
    written jsonb := chained(of_table, to_jsonb(NEW));
BEGIN
    PERFORM chain_add(NEW.number, of_table, written ->> TG_ARGV[0], written);
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    """One function; no row is touched."""
    op.execute(ROW)
