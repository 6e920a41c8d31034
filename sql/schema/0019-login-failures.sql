-- Failed logins count, and no longer all attempts. A row is one moment, which each
-- failure moves on; when it has passed, the row is worth nothing. The attempts that were
-- counted so far say nothing about failures, so they are dropped.

CREATE TABLE login_failure (
  subject   VARCHAR(128) NOT NULL COMMENT 'a client network, or name: or realm: and the digest of what a login named',
  forgotten BIGINT       NOT NULL COMMENT 'Gregorian seconds: when its last failure no longer counts',
  PRIMARY KEY (subject),
  KEY forgotten (forgotten)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Failed logins per client and per account';

DROP TABLE login_bucket;
