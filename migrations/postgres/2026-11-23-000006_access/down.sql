DROP TABLE request_once;
DROP TABLE request_count;
DROP TABLE request_limit;
ALTER TABLE api_key DROP COLUMN replaces;
ALTER TABLE api_key DROP COLUMN last_used_at;
