-- What is said about a row that waits for a person, beside the decision: whose it is, what its sender was asked.
CREATE TABLE transaction_review (
    organization_id INTEGER NOT NULL,
    transaction_id BLOB NOT NULL,
    -- The user who is to look at it.
    assignee INTEGER,
    question TEXT,
    asked_at INTEGER,
    -- How many steps led here.
    steps INTEGER NOT NULL,
    PRIMARY KEY (organization_id, transaction_id)
) STRICT, WITHOUT ROWID;

-- Each of these steps; rows are only ever added.
CREATE TABLE review_step (
    organization_id INTEGER NOT NULL,
    transaction_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('assign', 'unassign', 'ask')),
    assignee INTEGER,
    question TEXT,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, transaction_id, number)
) STRICT, WITHOUT ROWID;

-- The corrections that a decision brought with it: values that a person chose. They go when it is taken back.
CREATE TABLE decision_choice (
    organization_id INTEGER NOT NULL,
    transaction_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    record_id BLOB NOT NULL,
    PRIMARY KEY (organization_id, transaction_id, number, record_id)
) STRICT, WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('transaction_review', 'transaction_review', '50000 50000 1'),
    ('review_step', 'review_step', '50000 50000 2 1'),
    ('decision_choice', 'decision_choice', '10000 10000 2 2 1');
