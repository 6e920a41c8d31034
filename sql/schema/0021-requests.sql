-- Each request that changes something leaves its id in the transaction of the change, so
-- that a client without an answer can ask whether it was made. There are none of before.

CREATE TABLE request (
  account_id CHAR(32)     NOT NULL COMMENT 'who asked',
  id         VARCHAR(128) NOT NULL COMMENT 'X-Request-ID',
  name       VARCHAR(255) NULL     COMMENT 'its Idempotency-Key; NULL: none',
  expires    BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (account_id, id),
  KEY name (account_id, name),
  KEY expires (expires)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Requests that changed something';
