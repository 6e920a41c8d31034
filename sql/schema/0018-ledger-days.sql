-- What the ledger entries of a day add up to, for each service, account they arose
-- for and type of usage, so that sums over months do not read entries.

CREATE TABLE ledger_day (
  account_id    CHAR(32)      NOT NULL,
  day           DATE          NOT NULL COMMENT 'UTC',
  service       VARCHAR(128)  NOT NULL,
  for_id        VARCHAR(64)   NOT NULL COMMENT 'the account they arose for',
  usage_type    VARCHAR(64)   NOT NULL COMMENT 'empty: none',
  for_name      VARCHAR(255)  NULL     COMMENT 'the greatest of the names that entries have',
  amount        DECIMAL(30,6) NOT NULL COMMENT 'credits less debits, of rollovers too',
  quantity      BIGINT        NOT NULL COMMENT 'sum of the usage',
  entries       BIGINT        NOT NULL COMMENT 'number of entries',
  first_created BIGINT        NOT NULL COMMENT 'Gregorian seconds',
  last_created  BIGINT        NOT NULL COMMENT 'Gregorian seconds',
  first_type    VARCHAR(84)   NULL     COMMENT 'moment, 20 digits, and type of the first entry with a type',
  first_unit    VARCHAR(52)   NULL     COMMENT 'moment and unit of the first entry with a unit',
  last_unit     VARCHAR(52)   NULL     COMMENT 'the same of the last with usage and a unit',
  PRIMARY KEY (account_id, day, service, for_id, usage_type),
  KEY service (account_id, service, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Sums of ledger entries per account, day and service';

INSERT INTO ledger_day (account_id, day, service, for_id, usage_type, for_name, amount, quantity,
                        entries, first_created, last_created, first_type, first_unit, last_unit)
  SELECT l.account_id, l.day, l.service, l.for_id, l.usage_type, MAX(l.for_name), SUM(l.amount),
         COALESCE(SUM(l.usage_quantity), 0), COUNT(*), MIN(l.created), MAX(l.created),
         MIN(CONCAT(l.moment, NULLIF(l.usage_type, ''))), MIN(l.unit),
         MAX(IF(l.usage_quantity IS NULL, NULL, l.unit))
    FROM (SELECT account_id, FROM_DAYS(created DIV 86400) AS day, service,
                 COALESCE(for_id, account_id) AS for_id, COALESCE(usage_type, '') AS usage_type,
                 for_name, IF(type = 'credit', amount, -amount) AS amount, usage_quantity, created,
                 LPAD(created, 20, '0') AS moment,
                 CONCAT(LPAD(created, 20, '0'), NULLIF(usage_unit, '')) AS unit
            FROM ledger) AS l
   GROUP BY l.account_id, l.day, l.service, l.for_id, l.usage_type;
