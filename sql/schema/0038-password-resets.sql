-- A user who forgot the password asks for a link by e-mail; a row is worth one login,
-- for an hour.

CREATE TABLE password_reset (
  digest     BINARY(32) NOT NULL COMMENT 'HMAC-SHA-256 of what the link names, under a key of the configured secret',
  account_id CHAR(32)   NOT NULL,
  user_id    CHAR(32)   NOT NULL,
  created    BIGINT     NOT NULL COMMENT 'Gregorian seconds',
  expires    BIGINT     NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (digest),
  KEY user (account_id, user_id, created),
  KEY expires (expires),
  CONSTRAINT reset_user FOREIGN KEY (account_id, user_id)
    REFERENCES account_user (account_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Links by which users recover their passwords';
