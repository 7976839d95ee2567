DROP TABLE matcher_activation;
DROP TABLE matcher_document;
