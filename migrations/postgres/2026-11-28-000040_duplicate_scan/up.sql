-- Pairs of contacts that may be one, found over the whole database, and how far the search has come.
CREATE TABLE duplicate_scan (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    id BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    -- Contacts up to this one are looked at; those after the last one came later.
    position BIGINT NOT NULL,
    last_contact BIGINT NOT NULL,
    contacts BIGINT NOT NULL,
    total BIGINT NOT NULL,
    weights_version TEXT NOT NULL,
    actor TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX duplicate_scan_running ON duplicate_scan (organization_id, id) WHERE state = 'running';

-- The lesser number first. A pair stays when it is closed, with the reason.
CREATE TABLE duplicate_pair (
    organization_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    other_contact_id BIGINT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    band TEXT NOT NULL CHECK (band IN ('certain', 'likely')),
    -- The candidate as the matcher gave it, which is one of the two, met by the other: levels and bits, no values.
    explanation TEXT NOT NULL,
    weights_version TEXT NOT NULL,
    -- The scan that found it last.
    scan_id BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    closed_reason TEXT CHECK (closed_reason IN ('merged', 'notDuplicate', 'gone', 'noLonger')),
    closed_at BIGINT,
    PRIMARY KEY (organization_id, contact_id, other_contact_id)
);
-- The other side of a contact's pairs.
CREATE INDEX duplicate_pair_other ON duplicate_pair (organization_id, other_contact_id);
-- The open ones, the surest first.
CREATE INDEX duplicate_pair_open ON duplicate_pair (organization_id, score, contact_id, other_contact_id)
    WHERE closed_at IS NULL;
