-- What is said about a row that waits for a person, beside the decision: whose it is, what its sender was asked.
CREATE TABLE transaction_review (
    organization_id BIGINT NOT NULL,
    transaction_id BYTEA NOT NULL,
    -- The user who is to look at it.
    assignee BIGINT,
    question TEXT,
    asked_at BIGINT,
    -- How many steps led here.
    steps INTEGER NOT NULL,
    PRIMARY KEY (organization_id, transaction_id)
);

-- Each of these steps; rows are only ever added.
CREATE TABLE review_step (
    organization_id BIGINT NOT NULL,
    transaction_id BYTEA NOT NULL,
    number INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('assign', 'unassign', 'ask')),
    assignee BIGINT,
    question TEXT,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, transaction_id, number)
);

-- The corrections that a decision brought with it: values that a person chose. They go when it is taken back.
CREATE TABLE decision_choice (
    organization_id BIGINT NOT NULL,
    transaction_id BYTEA NOT NULL,
    number INTEGER NOT NULL,
    record_id BYTEA NOT NULL,
    PRIMARY KEY (organization_id, transaction_id, number, record_id)
);
