-- Who may call: users with their credentials, API keys, the tokens both are
-- exchanged for, and the buckets that slow guessing down. Nothing here can be
-- replayed by who reads it: tokens and keys are kept as digests, credentials
-- as argon2id beside an HMAC index whose key is not in the database.

CREATE TABLE account_user (
  id         CHAR(32)     NOT NULL,
  account_id CHAR(32)     NOT NULL,
  username   VARCHAR(256) NOT NULL COMMENT 'lower-case',
  first_name VARCHAR(128) NULL,
  last_name  VARCHAR(128) NULL,
  email      VARCHAR(254) NULL,
  priv_level VARCHAR(32)  NOT NULL DEFAULT 'user',
  enabled    TINYINT      NOT NULL DEFAULT 1,
  document   LONGTEXT     NOT NULL COMMENT 'public fields, canonical JSON',
  created    BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  modified   BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (account_id, id),
  KEY username (account_id, username),
  CONSTRAINT user_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Users of accounts';

CREATE TABLE user_credential (
  account_id CHAR(32)          NOT NULL,
  user_id    CHAR(32)          NOT NULL,
  method     ENUM('md5','sha') NOT NULL COMMENT 'how the client hashed username:password',
  lookup     BINARY(32)        NOT NULL COMMENT 'HMAC-SHA-256 of the credential under the configured secret',
  verifier   VARCHAR(128)      NOT NULL COMMENT 'argon2id of the credential',
  PRIMARY KEY (account_id, user_id, method),
  KEY lookup (lookup, method),
  CONSTRAINT credential_user FOREIGN KEY (account_id, user_id)
    REFERENCES account_user (account_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What a user logs in with';

CREATE TABLE api_key (
  id         CHAR(32)     NOT NULL,
  account_id CHAR(32)     NOT NULL,
  label      VARCHAR(128) NOT NULL DEFAULT '' COMMENT 'what its owner calls it',
  digest     BINARY(32)   NOT NULL COMMENT 'HMAC-SHA-256 of the key under the configured secret',
  created    BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (id),
  UNIQUE KEY digest (digest),
  KEY account (account_id, created),
  CONSTRAINT key_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='API keys of accounts';

CREATE TABLE auth_token (
  digest     BINARY(32)  NOT NULL COMMENT 'SHA-256 of the token',
  account_id CHAR(32)    NOT NULL,
  user_id    CHAR(32)    NULL     COMMENT 'NULL: not a person (API key, command line)',
  api_key_id CHAR(32)    NULL     COMMENT 'the key it was exchanged for, revoked with it',
  method     VARCHAR(32) NOT NULL COMMENT 'cb_user_auth, cb_api_auth, reevectl',
  created    BIGINT      NOT NULL COMMENT 'Gregorian seconds',
  expires    BIGINT      NULL     COMMENT 'Gregorian seconds; NULL: never',
  PRIMARY KEY (digest),
  KEY expires (expires),
  KEY account (account_id, user_id),
  KEY api_key (api_key_id),
  CONSTRAINT token_account FOREIGN KEY (account_id) REFERENCES account (id),
  CONSTRAINT token_key FOREIGN KEY (api_key_id) REFERENCES api_key (id) ON DELETE CASCADE,
  CONSTRAINT token_user FOREIGN KEY (account_id, user_id)
    REFERENCES account_user (account_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Tokens handed out';

CREATE TABLE login_bucket (
  client  VARCHAR(128) NOT NULL COMMENT 'the address attempts come from',
  tokens  DOUBLE       NOT NULL COMMENT 'attempts left',
  updated BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (client),
  KEY updated (updated)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Login attempts left per client';
