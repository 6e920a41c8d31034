-- Objects have pictures: a whitelabel its logo and its icon, an application its icon. They
-- go with their object.

CREATE TABLE picture (
  account_id CHAR(32)     NOT NULL,
  kind       VARCHAR(32)  NOT NULL COMMENT 'of the object',
  object_id  VARCHAR(64)  NOT NULL,
  name       VARCHAR(16)  NOT NULL COMMENT 'logo or icon',
  form       VARCHAR(32)  NOT NULL COMMENT 'its media type, as its content says',
  content    MEDIUMBLOB   NOT NULL,
  modified   BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (account_id, kind, object_id, name),
  CONSTRAINT picture_object FOREIGN KEY (account_id, kind, object_id)
    REFERENCES object (account_id, kind, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Pictures of objects';
