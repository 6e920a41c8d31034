-- An account may restrict the tokens of its logins by a template; a token keeps the part
-- of it that was chosen when it was made.

CREATE TABLE token_template (
  account_id CHAR(32) NOT NULL,
  template   TEXT     NOT NULL COMMENT 'JSON as it was written: the order of its members decides',
  modified   BIGINT   NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (account_id),
  CONSTRAINT template_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What the tokens of accounts may be used for';

ALTER TABLE auth_token
  ADD COLUMN rules TEXT NULL COMMENT 'the part of the template it was made under, JSON as it was written; NULL: none';
