-- The main database. Every primary, unique and foreign key is led by organization_id.
-- Instants are microseconds since 1970 in UTC; ids of records and events are UUIDv7 as 16 bytes, so they
-- order by time; JSON is opaque text: what is filtered has a column of its own.

CREATE TABLE organization (
    organization_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    country TEXT NOT NULL,
    batch_cron TEXT NOT NULL,
    last_due_at INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_key (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    sources TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, hash)
) STRICT;

CREATE TABLE id_counter (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    name TEXT NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (organization_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    name TEXT NOT NULL,
    -- Empty when nobody holds it; the row stays, so that the token never goes back.
    holder TEXT NOT NULL,
    token INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    record TEXT NOT NULL,
    merged_into INTEGER,
    archived INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE TABLE contact_reference (
    organization_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    contact_id INTEGER NOT NULL,
    PRIMARY KEY (organization_id, source, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- For the foreign key: without it each deletion of a contact would read the whole table.
CREATE INDEX contact_reference_contact ON contact_reference (organization_id, contact_id);

-- The largest table: narrow, no foreign key, no second index.
CREATE TABLE match_key (
    organization_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    PRIMARY KEY (organization_id, key, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE term_count (
    organization_id INTEGER NOT NULL,
    term INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (organization_id, term)
) STRICT, WITHOUT ROWID;

CREATE TABLE direct_record (
    organization_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('load', 'create', 'edit')),
    contact_id INTEGER NOT NULL,
    individual_id INTEGER NOT NULL,
    first_item INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX direct_record_contact ON direct_record (organization_id, contact_id);

CREATE TABLE contact_transaction (
    organization_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    reference_source TEXT,
    reference_id TEXT,
    key_id INTEGER,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('held', 'created', 'merged', 'unchanged', 'needs_update', 'rejected')),
    reason TEXT,
    level TEXT CHECK (level IN ('individual', 'household')),
    contact_id INTEGER CHECK (contact_id IS NULL OR state IN ('created', 'merged', 'unchanged')),
    individual_id INTEGER,
    first_item INTEGER,
    run_id INTEGER,
    decided_at INTEGER,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE INDEX contact_transaction_reference
    ON contact_transaction (organization_id, reference_source, reference_id, id) WHERE reference_source IS NOT NULL;
CREATE INDEX contact_transaction_contact
    ON contact_transaction (organization_id, contact_id) WHERE contact_id IS NOT NULL;
-- Counts per state and reason without touching the rows.
CREATE INDEX contact_transaction_state ON contact_transaction (organization_id, state, reason);
-- The bucket and the rows sent back, in order of receipt. Written with OR: SQLite recognises either half.
CREATE INDEX contact_transaction_open
    ON contact_transaction (organization_id, state, id) WHERE state = 'held' OR state = 'needs_update';

CREATE TABLE decision (
    organization_id INTEGER NOT NULL,
    transaction_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    run_id INTEGER,
    outcome TEXT NOT NULL CHECK (outcome IN ('held', 'created', 'merged', 'unchanged', 'needs_update', 'rejected')),
    level TEXT CHECK (level IN ('individual', 'household')),
    reason TEXT,
    contact_id INTEGER,
    individual_id INTEGER,
    score REAL,
    explanation TEXT NOT NULL,
    weights_version TEXT NOT NULL,
    actor TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    undone_at INTEGER,
    PRIMARY KEY (organization_id, transaction_id, number)
) STRICT;

CREATE INDEX decision_run ON decision (organization_id, run_id, outcome, reason) WHERE run_id IS NOT NULL;

CREATE TABLE batch_run (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('scheduled', 'manual')),
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'broken')),
    due_at INTEGER,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    cutoff BLOB,
    received INTEGER NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE TABLE audit (
    organization_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    record_id BLOB,
    run_id INTEGER,
    changes TEXT NOT NULL,
    PRIMARY KEY (organization_id, contact_id, version)
) STRICT;

CREATE TABLE event (
    organization_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    contact_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE TABLE webhook (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    payload_url TEXT NOT NULL,
    secret TEXT NOT NULL,
    active INTEGER NOT NULL,
    toggles TEXT NOT NULL,
    disabled_reason TEXT,
    failing_since INTEGER,
    failed_attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

-- No foreign key to webhook: what was delivered outlives the subscription.
CREATE TABLE delivery (
    organization_id INTEGER NOT NULL,
    webhook_id INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    contact_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
    -- Number of the latest claim, which is its fencing token.
    attempt INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    PRIMARY KEY (organization_id, webhook_id, event_id)
) STRICT, WITHOUT ROWID;

-- Due ones of a subscriber in order, and counts per state.
CREATE INDEX delivery_due ON delivery (organization_id, state, webhook_id, due_at, event_id);
-- Whether an earlier event of the same contact still waits.
CREATE INDEX delivery_order
    ON delivery (organization_id, webhook_id, contact_id, sequence) WHERE state = 'pending';

CREATE TABLE attempt (
    organization_id INTEGER NOT NULL,
    webhook_id INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status INTEGER,
    outcome TEXT NOT NULL,
    response TEXT NOT NULL,
    PRIMARY KEY (organization_id, webhook_id, event_id, number)
) STRICT;

-- What the planner is to believe, the same in every database file whatever its age: that organization_id
-- alone selects next to nothing. Without it, it takes a primary key by its first column for good enough.
ANALYZE;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('contact', 'sqlite_autoindex_contact_1', '1000000 1000000 1'),
    ('contact_reference', 'contact_reference', '1000000 1000000 100000 1'),
    ('contact_reference', 'contact_reference_contact', '1000000 1000000 1'),
    ('match_key', 'match_key', '6000000 6000000 3 1'),
    ('term_count', 'term_count', '100000 100000 1'),
    ('direct_record', 'sqlite_autoindex_direct_record_1', '100000 100000 1'),
    ('direct_record', 'direct_record_contact', '100000 100000 2'),
    ('contact_transaction', 'sqlite_autoindex_contact_transaction_1', '1000000 1000000 1'),
    ('contact_transaction', 'contact_transaction_reference', '1000000 1000000 100000 2 1'),
    ('contact_transaction', 'contact_transaction_contact', '1000000 1000000 2'),
    ('contact_transaction', 'contact_transaction_state', '1000000 1000000 200000 50000'),
    ('contact_transaction', 'contact_transaction_open', '50000 50000 25000 1'),
    ('decision', 'sqlite_autoindex_decision_1', '1000000 1000000 1 1'),
    ('decision', 'decision_run', '1000000 1000000 20000 5000 2000'),
    ('audit', 'sqlite_autoindex_audit_1', '1000000 1000000 2 1'),
    ('event', 'sqlite_autoindex_event_1', '1000000 1000000 1'),
    ('delivery', 'delivery', '1000000 1000000 200000 1'),
    ('delivery', 'delivery_due', '1000000 1000000 300000 100000 2'),
    ('delivery', 'delivery_order', '10000 10000 5000 2 1'),
    ('attempt', 'sqlite_autoindex_attempt_1', '1000000 1000000 200000 1 1');
