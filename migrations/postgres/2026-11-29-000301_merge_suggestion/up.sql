-- Contacts that somebody who may not merge them says are one. The lesser number first.
CREATE TABLE merge_suggestion (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    other_contact_id BIGINT NOT NULL,
    note TEXT,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_reason TEXT CHECK (closed_reason IN ('merged', 'notDuplicate', 'declined', 'gone')),
    closed_by TEXT,
    closed_at BIGINT,
    PRIMARY KEY (organization_id, id)
);

CREATE INDEX merge_suggestion_contact ON merge_suggestion (organization_id, contact_id);
CREATE INDEX merge_suggestion_other ON merge_suggestion (organization_id, other_contact_id);
CREATE INDEX merge_suggestion_open ON merge_suggestion (organization_id, id) WHERE closed_at IS NULL;
