-- The secrets of bookkeepers and webhooks are sealed in their documents, which reevectl
-- migrate does for those of before as the last step of this file, from C: the secret is
-- not in the database. Rows say which secret they were made under, so that it can be
-- changed.

ALTER TABLE api_key
  ADD COLUMN secret VARCHAR(8) NOT NULL DEFAULT '' COMMENT 'name of the secret that digest was made under; empty: that of before rows said so';

ALTER TABLE user_credential
  ADD COLUMN secret VARCHAR(8) NOT NULL DEFAULT '' COMMENT 'name of the secret that lookup was made under; empty: that of before rows said so';

ALTER TABLE account
  ADD COLUMN key_sealed VARCHAR(200) NULL COMMENT 'the API key the account shows, sealed; NULL: it is derived from the secret';
