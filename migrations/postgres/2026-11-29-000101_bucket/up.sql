-- The bucket in order of receipt and by score without touching its rows: whatever is asked for, a page of it reads an
-- index, and so does a count. Bodies are read for the rows that are shown.

-- Bits for the best candidate by the latest decision that weighed one; -1000 when none did.
ALTER TABLE contact_transaction ADD COLUMN best_score DOUBLE PRECISION NOT NULL DEFAULT -1000.0;
UPDATE contact_transaction SET best_score = coalesce((SELECT d.score FROM decision AS d
    WHERE d.organization_id = contact_transaction.organization_id AND d.transaction_id = contact_transaction.id
    AND d.score IS NOT NULL ORDER BY d.number DESC LIMIT 1), -1000.0) WHERE state = 'needs_update';

-- Each has the state too: SQLite reads the row for a column that only the condition of an index speaks of.
DROP INDEX contact_transaction_open;
CREATE INDEX contact_transaction_open
    ON contact_transaction (organization_id, state, id, reason, reference_source, received_at, best_score)
    WHERE state = 'held' OR state = 'needs_update';
CREATE INDEX bucket_score ON contact_transaction
    (organization_id, state, best_score DESC, id, reason, reference_source, received_at) WHERE state = 'needs_update';
CREATE INDEX transaction_review_assignee ON transaction_review (organization_id, assignee, transaction_id)
    WHERE assignee IS NOT NULL;
CREATE INDEX transaction_review_asked ON transaction_review (organization_id, transaction_id)
    WHERE asked_at IS NOT NULL;

