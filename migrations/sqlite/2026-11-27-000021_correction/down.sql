-- The version before keeps one content only: the one that counts.
UPDATE contact_transaction SET body = c.body, reference_source = c.reference_source, reference_id = c.reference_id
FROM transaction_correction c
WHERE c.organization_id = contact_transaction.organization_id AND c.transaction_id = contact_transaction.id
    AND c.number = contact_transaction.corrected;

DROP TABLE transaction_correction;
ALTER TABLE contact_transaction DROP COLUMN corrected;
