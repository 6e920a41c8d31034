-- Accounts and their tree. A closure table answers "is X below Y", "who is
-- above X" and "everything below X" with one indexed read each, however deep.

CREATE TABLE account (
  id          CHAR(32)     NOT NULL COMMENT '32 lower-case hex digits',
  parent_id   CHAR(32)     NULL     COMMENT 'NULL: the master account',
  master      TINYINT      NULL     COMMENT '1 on the master account, else NULL: UNIQUE keeps it single',
  reseller_id CHAR(32)     NOT NULL COMMENT 'nearest reseller above; the master account: itself',
  is_reseller TINYINT      NOT NULL DEFAULT 0,
  enabled     TINYINT      NOT NULL DEFAULT 1,
  expires     BIGINT       NULL     COMMENT 'Gregorian seconds; NULL: never (no trial)',
  name        VARCHAR(128) NOT NULL,
  name_key    VARCHAR(128) NOT NULL COMMENT 'lower-case letters and digits of name: what a login may give',
  realm       VARCHAR(253) NULL     COMMENT 'lower-case',
  language    VARCHAR(16)  NOT NULL DEFAULT 'en-us',
  document    LONGTEXT     NOT NULL COMMENT 'public fields, canonical JSON',
  created     BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  modified    BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (id),
  UNIQUE KEY master (master),
  UNIQUE KEY realm (realm),
  KEY name_key (name_key),
  KEY parent (parent_id, id),
  KEY reseller (reseller_id, id),
  CONSTRAINT account_parent FOREIGN KEY (parent_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Accounts of the reseller tree';

CREATE TABLE account_closure (
  ancestor_id   CHAR(32) NOT NULL,
  descendant_id CHAR(32) NOT NULL,
  depth         INT      NOT NULL COMMENT 'steps between them; 0: the account itself',
  PRIMARY KEY (ancestor_id, descendant_id),
  KEY descendant (descendant_id, depth, ancestor_id),
  CONSTRAINT closure_ancestor FOREIGN KEY (ancestor_id) REFERENCES account (id) ON DELETE CASCADE,
  CONSTRAINT closure_descendant FOREIGN KEY (descendant_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Every pair of an account and one at or above it';
