-- The holding ledger. On SQLite it is a database file of its own, so nothing here refers to the main tables.

CREATE TABLE held_transaction (
    organization_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    reference_source TEXT,
    reference_id TEXT,
    key_id INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT, WITHOUT ROWID;

-- Not partial: it is also the narrow index over which the rows are counted.
CREATE INDEX held_transaction_reference
    ON held_transaction (organization_id, reference_source, reference_id, id);

-- Counted when rows are held, never derived from them.
CREATE TABLE held_tally (
    organization_id INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (organization_id)
) STRICT, WITHOUT ROWID;

-- What the planner is to believe, the same in every database file whatever its age: that organization_id
-- alone selects next to nothing. Without it, it takes a primary key by its first column for good enough.
ANALYZE;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('held_transaction', 'held_transaction', '1000000 1000000 1'),
    ('held_transaction', 'held_transaction_reference', '1000000 1000000 100000 2 1');
