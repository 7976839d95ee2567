-- What people said is not one: a contact, and another contact, a reference or a single submission.
CREATE TABLE not_duplicate (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    other_contact_id BIGINT,
    reference_source TEXT,
    reference_id TEXT,
    transaction_id BYTEA,
    -- What was known of either side when it was said, where it holds only until more is known.
    contact_known BIGINT,
    other_known BIGINT,
    note TEXT,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_by TEXT,
    revoked_at BIGINT,
    PRIMARY KEY (organization_id, id)
);

CREATE INDEX not_duplicate_contact ON not_duplicate (organization_id, contact_id);
CREATE INDEX not_duplicate_other ON not_duplicate (organization_id, other_contact_id) WHERE other_contact_id IS NOT NULL;

