-- Tokens are found by an HMAC under the configured secret, so that nobody who can
-- write a row can make a token. reevectl migrate rewrites those of before as the last
-- step of this file, from C: the secret is not in the database.

ALTER TABLE auth_token
  ADD COLUMN secret VARCHAR(8) NOT NULL DEFAULT '' COMMENT 'name of the secret that digest was made under; empty: none, it is the SHA-256 of a token, which opens nothing';
