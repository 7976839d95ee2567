DELETE FROM sqlite_stat1 WHERE idx IN ('direct_record_item', 'contact_transaction_item');
DROP TABLE individual_avatar;
DROP TABLE contact_position;
DROP TABLE contact_follow;
DROP INDEX direct_record_item;
DROP INDEX contact_transaction_item;
