DELETE FROM id_counter WHERE name IN ('label', 'contact_label', 'note', 'custom_collection', 'gift');
DROP TABLE gift;
DROP TABLE contact_type;
DROP TABLE custom_collection;
DROP TABLE custom_field;
DROP TABLE contact_note;
DROP TABLE contact_label;
DROP TABLE label;
