-- Which contact an individual, method or address belongs to: the record with the greatest first number not above
-- its own reserved it.
CREATE INDEX contact_transaction_item
    ON contact_transaction (organization_id, first_item) WHERE first_item IS NOT NULL;
CREATE INDEX direct_record_item ON direct_record (organization_id, first_item);

-- Whoever follows a contact: `key:7` or `staff:name`.
CREATE TABLE contact_follow (
    organization_id INTEGER NOT NULL,
    follower TEXT NOT NULL,
    contact_id INTEGER NOT NULL,
    followed_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, follower, contact_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- For the foreign key.
CREATE INDEX contact_follow_contact ON contact_follow (organization_id, contact_id);

-- Addresses whose place is known, in millionths of a degree.
CREATE TABLE contact_position (
    organization_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    address_id INTEGER NOT NULL,
    latitude INTEGER NOT NULL,
    longitude INTEGER NOT NULL,
    PRIMARY KEY (organization_id, contact_id, address_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_position_latitude ON contact_position (organization_id, latitude, longitude);

-- Pictures of individuals.
CREATE TABLE individual_avatar (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    individual_id INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    image BLOB NOT NULL,
    stored_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, individual_id)
) STRICT;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('contact_transaction', 'contact_transaction_item', '1000000 1000000 1'),
    ('direct_record', 'direct_record_item', '100000 100000 1'),
    ('contact_follow', 'contact_follow', '10000 10000 100 1'),
    ('contact_follow', 'contact_follow_contact', '10000 10000 2'),
    ('contact_position', 'contact_position', '1000000 1000000 2 1'),
    ('contact_position', 'contact_position_latitude', '1000000 1000000 10 1'),
    ('individual_avatar', 'sqlite_autoindex_individual_avatar_1', '10000 10000 1');
