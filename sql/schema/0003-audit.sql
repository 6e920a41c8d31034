-- The audit trail. Entries are only ever added, and chained per account by
-- SHA-256; each carries its lines, what it changed; days are what the lines (and
-- usage ledgers) add up to, kept in the same transaction. The lines stand in the
-- entry's row and not in a table of their own: that table would cost a third of
-- the speed of writing (t/bench), and nothing reads lines without their entry.

CREATE TABLE audit_head (
  account_id CHAR(32)   NOT NULL,
  sequence   BIGINT     NOT NULL COMMENT 'of the newest entry; 0: none yet',
  hash       BINARY(32) NOT NULL COMMENT 'of the newest entry; zeroes: none yet',
  PRIMARY KEY (account_id),
  CONSTRAINT head_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='End of each account''s chain, and its lock';

CREATE TABLE audit_entry (
  account_id CHAR(32)                    NOT NULL,
  sequence   BIGINT                      NOT NULL COMMENT '1, 2, 3... per account',
  id         VARCHAR(64)                 NOT NULL COMMENT 'document id, YYYYMM-hex as the API shows it',
  form       ENUM('invoice','quantities') NOT NULL COMMENT 'invoice lines (audit_log), or raw quantities (yearly audit document)',
  created    BIGINT                      NOT NULL COMMENT 'when it happened, Gregorian seconds',
  recorded   BIGINT                      NOT NULL COMMENT 'when it was written here, Gregorian seconds',
  status     VARCHAR(32)                 NULL     COMMENT 'outcome at the bookkeeper: the only part that may change',
  reason     VARCHAR(255)                NULL,
  message    TEXT                        NULL,
  results    LONGTEXT                    NULL     COMMENT 'bookkeeper results, JSON',
  document   LONGTEXT                    NOT NULL COMMENT 'public fields less the outcome, canonical JSON',
  line_items LONGTEXT                    NOT NULL COMMENT 'what it changed, from the document: JSON [[service, category, difference, quantity after], ...]',
  hash       BINARY(32)                  NOT NULL COMMENT 'SHA-256 of the previous hash and this entry (sql/README)',
  PRIMARY KEY (account_id, sequence),
  UNIQUE KEY id (account_id, id),
  KEY created (account_id, form, created, sequence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='The audit trail';

CREATE TABLE audit_day (
  account_id     CHAR(32)                            NOT NULL,
  family         ENUM('billable','usage','quantity') NOT NULL COMMENT 'lines of invoice entries, ledgers, lines of quantity entries',
  day            DATE                                NOT NULL COMMENT 'UTC',
  service        VARCHAR(128)                        NOT NULL,
  addition       BIGINT                              NOT NULL COMMENT 'sum of rises',
  removal        BIGINT                              NOT NULL COMMENT 'sum of falls, positive',
  quantity       BIGINT                              NOT NULL COMMENT 'after the last change; usage: the sum',
  last_timestamp BIGINT                              NOT NULL COMMENT 'Gregorian seconds of the last change',
  unit           VARCHAR(32)                         NULL     COMMENT 'of usage',
  PRIMARY KEY (account_id, family, day, service),
  KEY service (account_id, family, service, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Summary per account, service and day';
