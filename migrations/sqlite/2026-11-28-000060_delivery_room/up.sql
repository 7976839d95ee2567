-- PostgreSQL leaves room in the pages of deliveries. SQLite changes a row where it is.
SELECT 1;
