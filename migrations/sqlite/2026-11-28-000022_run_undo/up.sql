-- Runs that are taken back, in chunks: how far it has come.
CREATE TABLE run_undo (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    run_id INTEGER NOT NULL,
    -- Where its rows go.
    afterwards TEXT NOT NULL CHECK (afterwards IN ('review', 'hold', 'reject')),
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    -- Rows up to this one are dealt with.
    position BLOB,
    reversed INTEGER NOT NULL,
    untouched INTEGER NOT NULL,
    actor TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (organization_id, run_id)
) STRICT;
CREATE INDEX run_undo_running ON run_undo (organization_id, run_id) WHERE state = 'running';

-- Rows of them that stay as they are, and why.
CREATE TABLE run_undo_left (
    organization_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    transaction_id BLOB NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('kept', 'failed')),
    reason TEXT NOT NULL,
    PRIMARY KEY (organization_id, run_id, transaction_id)
) STRICT, WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('run_undo', 'sqlite_autoindex_run_undo_1', '100 100 1'),
    ('run_undo', 'run_undo_running', '2 2 1'),
    ('run_undo_left', 'run_undo_left', '100000 100000 1000 1');
