-- A login may ask for a token that is good for some requests only.

ALTER TABLE auth_token
  ADD COLUMN restrictions TEXT NULL COMMENT 'all it may be used for, as the login asked: methods with patterns of paths, JSON; NULL: everything';
