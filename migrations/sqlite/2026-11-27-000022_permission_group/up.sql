-- Permission groups that an organization makes for itself, and the keys that are in one.
CREATE TABLE permission_group (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    PRIMARY KEY (organization_id, folded)
) STRICT, WITHOUT ROWID;

-- The group by its name; what it may do comes on top of the key's own scopes.
ALTER TABLE api_key ADD COLUMN permission_group TEXT;
