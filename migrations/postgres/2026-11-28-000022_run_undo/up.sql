-- Runs that are taken back, in chunks: how far it has come.
CREATE TABLE run_undo (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    run_id BIGINT NOT NULL,
    -- Where its rows go.
    afterwards TEXT NOT NULL CHECK (afterwards IN ('review', 'hold', 'reject')),
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    -- Rows up to this one are dealt with.
    position BYTEA,
    reversed BIGINT NOT NULL,
    untouched BIGINT NOT NULL,
    actor TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (organization_id, run_id)
);
CREATE INDEX run_undo_running ON run_undo (organization_id, run_id) WHERE state = 'running';

-- Rows of them that stay as they are, and why.
CREATE TABLE run_undo_left (
    organization_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    transaction_id BYTEA NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('kept', 'failed')),
    reason TEXT NOT NULL,
    PRIMARY KEY (organization_id, run_id, transaction_id)
);

