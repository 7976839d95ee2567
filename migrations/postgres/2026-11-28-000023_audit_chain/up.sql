-- The audit as a chain: each row carries a hash over itself and the hash of the row before it, so that no row can be
-- changed or taken out unseen. Rows from before have a place and no hash; the chain begins with the next one.
ALTER TABLE audit ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN hash BYTEA;
UPDATE audit SET position = n.position FROM (SELECT organization_id, contact_id, version, row_number() OVER
    (PARTITION BY organization_id ORDER BY at, contact_id, version) AS position FROM audit) AS n
    WHERE n.organization_id = audit.organization_id AND n.contact_id = audit.contact_id AND n.version = audit.version;
CREATE UNIQUE INDEX audit_position ON audit (organization_id, position);

-- The newest row of each chain.
CREATE TABLE audit_chain (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (organization_id)
);
INSERT INTO audit_chain (organization_id, position, hash)
    SELECT organization_id, max(position), ''::bytea FROM audit GROUP BY organization_id;
