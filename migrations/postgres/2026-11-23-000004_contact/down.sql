DROP TABLE individual_avatar;
DROP TABLE contact_position;
DROP TABLE contact_follow;
DROP INDEX direct_record_item;
DROP INDEX contact_transaction_item;
