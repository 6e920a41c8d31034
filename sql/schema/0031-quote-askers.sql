-- The callers that quotes are asked by.

ALTER TABLE service_quote
  ADD COLUMN asker LONGTEXT NULL COMMENT 'who asked, JSON {"account_id","account_name","user_id"}; NULL: an earlier version, which did not note it';
