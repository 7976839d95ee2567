-- Which contact an individual, method or address belongs to: the record with the greatest first number not above
-- its own reserved it.
CREATE INDEX contact_transaction_item
    ON contact_transaction (organization_id, first_item) WHERE first_item IS NOT NULL;
CREATE INDEX direct_record_item ON direct_record (organization_id, first_item);

-- Whoever follows a contact: `key:7` or `staff:name`.
CREATE TABLE contact_follow (
    organization_id BIGINT NOT NULL,
    follower TEXT NOT NULL,
    contact_id BIGINT NOT NULL,
    followed_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, follower, contact_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
);

-- For the foreign key.
CREATE INDEX contact_follow_contact ON contact_follow (organization_id, contact_id);

-- Addresses whose place is known, in millionths of a degree.
CREATE TABLE contact_position (
    organization_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    address_id BIGINT NOT NULL,
    latitude BIGINT NOT NULL,
    longitude BIGINT NOT NULL,
    PRIMARY KEY (organization_id, contact_id, address_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX contact_position_latitude ON contact_position (organization_id, latitude, longitude);

-- Pictures of individuals.
CREATE TABLE individual_avatar (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    individual_id BIGINT NOT NULL,
    content_type TEXT NOT NULL,
    image BYTEA NOT NULL,
    stored_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, individual_id)
);
