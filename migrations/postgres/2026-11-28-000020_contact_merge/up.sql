-- Merges of two contacts by a person, kept for good, also when they were taken back.
CREATE TABLE contact_merge (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    id BIGINT NOT NULL,
    survivor_id BIGINT NOT NULL,
    merged_id BIGINT NOT NULL,
    -- What has to be put back: JSON.
    detail TEXT NOT NULL,
    actor TEXT NOT NULL,
    merged_at BIGINT NOT NULL,
    undone_by TEXT,
    undone_at BIGINT,
    PRIMARY KEY (organization_id, id)
);

-- A contact is merged into one other at a time.
CREATE UNIQUE INDEX contact_merge_merged ON contact_merge (organization_id, merged_id) WHERE undone_at IS NULL;
CREATE INDEX contact_merge_survivor ON contact_merge (organization_id, survivor_id) WHERE undone_at IS NULL;
