DROP INDEX transaction_review_asked;
DROP INDEX transaction_review_assignee;
DROP INDEX bucket_score;
DROP INDEX contact_transaction_open;
ALTER TABLE contact_transaction DROP COLUMN best_score;
CREATE INDEX contact_transaction_open
    ON contact_transaction (organization_id, state, id) WHERE state = 'held' OR state = 'needs_update';
