-- What an account has: plans it sells, plans assigned to it, quantities.

CREATE TABLE service_plan (
  account_id CHAR(32)     NOT NULL COMMENT 'the vendor',
  id         VARCHAR(64)  NOT NULL,
  version    INT          NOT NULL COMMENT '1, 2, 3...; a version never changes',
  name       VARCHAR(128) NOT NULL DEFAULT '',
  document   LONGTEXT     NOT NULL COMMENT 'public fields, canonical JSON',
  created    BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (account_id, id, version),
  CONSTRAINT plan_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Service plans, every version of them';

CREATE TABLE service (
  account_id CHAR(32)    NOT NULL,
  billing_id CHAR(32)    NOT NULL COMMENT 'who pays',
  standing   VARCHAR(32) NOT NULL DEFAULT 'good_standing',
  overrides  LONGTEXT    NOT NULL COMMENT 'account-wide, canonical JSON',
  document   LONGTEXT    NOT NULL COMMENT 'other public fields, canonical JSON',
  modified   BIGINT      NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (account_id),
  CONSTRAINT service_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Services of an account';

CREATE TABLE service_assignment (
  account_id CHAR(32)    NOT NULL,
  plan_id    VARCHAR(64) NOT NULL,
  vendor_id  CHAR(32)    NOT NULL COMMENT 'whose plan it is',
  position   INT         NOT NULL COMMENT 'order of assignment: of equal priority the earlier wins',
  overrides  LONGTEXT    NOT NULL COMMENT 'canonical JSON',
  contract   LONGTEXT    NULL     COMMENT 'opaque JSON',
  PRIMARY KEY (account_id, plan_id),
  CONSTRAINT assignment_service FOREIGN KEY (account_id) REFERENCES service (account_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Plans assigned to accounts';

CREATE TABLE service_quantity (
  account_id CHAR(32)                            NOT NULL,
  scope      ENUM('account','cascade','manual') NOT NULL COMMENT 'own objects, all descendants'', typed in',
  category   VARCHAR(128)                        NOT NULL,
  item       VARCHAR(128)                        NOT NULL,
  quantity   BIGINT                              NOT NULL,
  PRIMARY KEY (account_id, scope, category, item),
  CONSTRAINT quantity_service FOREIGN KEY (account_id) REFERENCES service (account_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Quantities per account';
