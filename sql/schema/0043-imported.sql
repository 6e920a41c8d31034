-- What was imported, and how it was then: so a later import sees what was changed here
-- since, and what the system it came from no longer has.

CREATE TABLE imported (
  account_id CHAR(32)    NOT NULL,
  kind       VARCHAR(32) NOT NULL COMMENT 'the noun of its URL; accounts, services, service_plans',
  id         VARCHAR(64) NOT NULL,
  state      BIGINT      NOT NULL COMMENT 'when it was last modified there, in Gregorian seconds; of service_plans the version here, of services a digest of their terms here',
  PRIMARY KEY (account_id, kind, id),
  CONSTRAINT imported_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What came from another system, as it came';
