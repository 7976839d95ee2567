DROP TABLE search_word;
DROP TABLE contact_facts;
