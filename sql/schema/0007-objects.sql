-- Where quantities come from: the objects of accounts, users and devices and
-- the like, as documents; and what accounts need to be moved and deleted.

ALTER TABLE account
  ADD COLUMN deleted     BIGINT NULL COMMENT 'Gregorian seconds; NULL: it is there',
  ADD COLUMN descendants BIGINT NOT NULL DEFAULT 0 COMMENT 'accounts below it that are there',
  ADD COLUMN key_serial  BIGINT NOT NULL DEFAULT 0 COMMENT 'of the API key the account shows; 0: it has none yet';

UPDATE account AS a
  JOIN (SELECT ancestor_id, COUNT(*) - 1 AS below FROM account_closure GROUP BY ancestor_id) AS c
    ON c.ancestor_id = a.id
   SET a.descendants = c.below;

CREATE TABLE object (
  account_id CHAR(32)     NOT NULL,
  kind       VARCHAR(32)  NOT NULL COMMENT 'the noun of its URL',
  id         VARCHAR(64)  NOT NULL,
  claim      VARCHAR(400) NULL     COMMENT 'what no other object may have; NULL: nothing',
  document   LONGTEXT     NOT NULL COMMENT 'public fields, canonical JSON',
  created    BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  modified   BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (account_id, kind, id),
  UNIQUE KEY claim (claim),
  CONSTRAINT object_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What accounts have, as documents';

INSERT INTO object (account_id, kind, id, claim, document, created, modified)
  SELECT account_id, 'users', id,
         IF(username = '', NULL, CONCAT('users/', account_id, '/', LEFT(username, 256))),
         document, created, modified
    FROM account_user;

ALTER TABLE account_user DROP COLUMN document;

ALTER TABLE remembered_answer
  ADD COLUMN metadata TEXT NULL COMMENT 'beside the data of the answer, JSON';

ALTER TABLE service_source MODIFY COLUMN source VARCHAR(100) NOT NULL
  COMMENT 'what is counted: KIND/ID of an object, account, or import: what was taken over and no object explains';
