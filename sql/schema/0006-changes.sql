-- What changes of services need: a row for every account to lock, the newest
-- version of each plan, where account quantities come from, quotes, the
-- answers to remember for a repeated request, and messages to bookkeepers.

ALTER TABLE service
  ADD COLUMN version     BIGINT       NOT NULL DEFAULT 1 COMMENT 'counts changes; 0: nothing was ever written',
  ADD COLUMN reason      VARCHAR(255) NULL COMMENT 'of the standing',
  ADD COLUMN reason_code BIGINT       NULL COMMENT 'of the standing';

INSERT INTO service (account_id, billing_id, overrides, document, modified, version)
  SELECT a.id, a.id, '{}', '{}', a.created, 0
    FROM account AS a LEFT JOIN service AS s ON s.account_id = a.id
   WHERE s.account_id IS NULL;

ALTER TABLE service_assignment
  ADD COLUMN version INT NULL COMMENT 'the plan''s version asked for; NULL: always the newest',
  ADD COLUMN priced  INT NULL COMMENT 'the version the account pays by; NULL: the plan was never there',
  ADD KEY plan (vendor_id, plan_id, account_id);

ALTER TABLE service_plan
  ADD COLUMN author LONGTEXT NULL COMMENT 'who saved this version: JSON as in audit entries; NULL: not by the API';

CREATE TABLE service_plan_head (
  account_id CHAR(32)    NOT NULL COMMENT 'the vendor',
  id         VARCHAR(64) NOT NULL,
  version    INT         NOT NULL COMMENT 'the newest',
  deleted    TINYINT     NOT NULL DEFAULT 0,
  created    BIGINT      NOT NULL COMMENT 'of the first version, Gregorian seconds',
  modified   BIGINT      NOT NULL COMMENT 'of the newest',
  PRIMARY KEY (account_id, id),
  CONSTRAINT plan_head_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Newest version of each plan, and its lock';

INSERT INTO service_plan_head (account_id, id, version, deleted, created, modified)
  SELECT account_id, id, MAX(version), 0, MIN(created), MAX(created)
    FROM service_plan GROUP BY account_id, id;

UPDATE service_assignment AS x
  JOIN service_plan_head AS h ON h.account_id = x.vendor_id AND h.id = x.plan_id
   SET x.priced = h.version;

CREATE TABLE service_source (
  account_id CHAR(32)     NOT NULL,
  source     VARCHAR(64)  NOT NULL COMMENT 'what is counted: an object''s id, or import: totals taken over',
  category   VARCHAR(128) NOT NULL,
  item       VARCHAR(128) NOT NULL,
  quantity   BIGINT       NOT NULL COMMENT 'what it adds',
  PRIMARY KEY (account_id, source, category, item),
  CONSTRAINT source_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What account quantities are the sum of';

INSERT INTO service_source (account_id, source, category, item, quantity)
  SELECT account_id, 'import', category, item, quantity
    FROM service_quantity WHERE service_quantity.scope = 'account' AND quantity <> 0;

CREATE TABLE service_quote (
  id         CHAR(32) NOT NULL,
  account_id CHAR(32) NULL     COMMENT 'for whom; NULL: for an account that is still to be',
  vendor_id  CHAR(32) NOT NULL COMMENT 'whose plans were quoted',
  created    BIGINT   NOT NULL COMMENT 'Gregorian seconds',
  expires    BIGINT   NOT NULL COMMENT 'Gregorian seconds',
  document   LONGTEXT NOT NULL COMMENT 'what was shown: plans with versions, overrides, quantities, totals; canonical JSON',
  PRIMARY KEY (id),
  KEY expires (expires)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Quotes that may be held to';

CREATE TABLE remembered_answer (
  account_id  CHAR(32)     NOT NULL COMMENT 'who asked',
  name        VARCHAR(255) NOT NULL COMMENT 'the Idempotency-Key',
  fingerprint BINARY(32)   NOT NULL COMMENT 'SHA-256 of method, path, query and body',
  expires     BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  status      INT          NOT NULL DEFAULT 0 COMMENT 'HTTP status; 0: being made',
  entity      TINYINT      NOT NULL DEFAULT 0 COMMENT '1: what GET of the URL would show',
  location    TEXT         NULL,
  body        LONGTEXT     NULL     COMMENT 'data of the answer, JSON',
  PRIMARY KEY (account_id, name),
  KEY expires (expires)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Answers to requests that may be sent again';

CREATE TABLE outbox (
  id         BIGINT      NOT NULL AUTO_INCREMENT,
  account_id CHAR(32)    NOT NULL,
  audit_id   VARCHAR(64) NOT NULL COMMENT 'the entry whose outcome the answer is',
  vendor_id  VARCHAR(64) NOT NULL COMMENT 'whose bookkeeper',
  bookkeeper_id   VARCHAR(64) NOT NULL,
  bookkeeper_type VARCHAR(64) NOT NULL,
  created    BIGINT      NOT NULL COMMENT 'Gregorian seconds',
  document   LONGTEXT    NOT NULL COMMENT 'what it is told, canonical JSON',
  PRIMARY KEY (id),
  KEY account (account_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Messages to bookkeepers, still to be delivered';
