-- What a person put in place of what was sent. The transaction's own body and reference stay what was sent; which
-- correction counts is named by the number of the decision that brought it.
ALTER TABLE contact_transaction ADD COLUMN corrected INTEGER;

CREATE TABLE transaction_correction (
    organization_id INTEGER NOT NULL,
    transaction_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    reference_source TEXT,
    reference_id TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (organization_id, transaction_id, number)
) STRICT;

CREATE INDEX transaction_correction_reference
    ON transaction_correction (organization_id, reference_source, reference_id, transaction_id)
    WHERE reference_source IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('transaction_correction', 'sqlite_autoindex_transaction_correction_1', '10000 10000 1 1'),
    ('transaction_correction', 'transaction_correction_reference', '10000 10000 1000 2 1');
