DROP INDEX transaction_review_asked;
DROP INDEX transaction_review_assignee;
DROP INDEX bucket_part;
DROP INDEX bucket_score;
DROP INDEX bucket_received;
ALTER TABLE contact_transaction DROP COLUMN best_score;
