DELETE FROM id_counter WHERE name = 'merge';
DROP TABLE contact_merge;
