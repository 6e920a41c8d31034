-- What delivering messages needs: of each message what became of it, of each
-- line of messages to one receiver whose turn it is and until when, and every
-- attempt that was made.

ALTER TABLE outbox
  MODIFY COLUMN audit_id        VARCHAR(64) NULL COMMENT 'the entry whose outcome the answer is; NULL: of none',
  MODIFY COLUMN vendor_id       VARCHAR(64) NULL COMMENT 'whose bookkeeper; NULL: for somebody else',
  MODIFY COLUMN bookkeeper_id   VARCHAR(64) NULL,
  MODIFY COLUMN bookkeeper_type VARCHAR(64) NULL,
  MODIFY COLUMN document        LONGTEXT    NOT NULL COMMENT 'what is told, canonical JSON',
  ADD COLUMN delivery_id CHAR(32)     NULL COMMENT 'by which the receiver knows a repetition',
  ADD COLUMN target      VARCHAR(160) NOT NULL DEFAULT '' COMMENT 'whom it is for, such as bookkeeper/VENDOR/ID; per account and target one after the other',
  ADD COLUMN message     VARCHAR(32)  NOT NULL DEFAULT 'update' COMMENT 'what kind of message',
  ADD COLUMN state       ENUM('waiting','delivered','dead') NOT NULL DEFAULT 'waiting',
  ADD COLUMN attempts    INT          NOT NULL DEFAULT 0 COMMENT 'begun so far',
  ADD COLUMN forgiven    INT          NOT NULL DEFAULT 0 COMMENT 'of these, begun before the last replay',
  ADD COLUMN settled     BIGINT       NULL COMMENT 'delivered or given up, Gregorian seconds',
  ADD COLUMN http_status INT          NULL COMMENT 'of the last attempt; NULL: it had no answer',
  ADD COLUMN reason      VARCHAR(255) NULL COMMENT 'of the last attempt',
  ADD COLUMN detail      TEXT         NULL COMMENT 'of the last attempt, for people',
  DROP KEY account,
  ADD UNIQUE KEY delivery (delivery_id),
  ADD KEY line (account_id, target, state, id),
  ADD KEY state (state, settled);

UPDATE outbox
   SET delivery_id = LEFT(SHA2(CONCAT('outbox ', id, ' ', audit_id), 256), 32),
       target = CONCAT('bookkeeper/', vendor_id, '/', bookkeeper_id);

CREATE TABLE outbox_line (
  account_id CHAR(32)     NOT NULL,
  target     VARCHAR(160) NOT NULL,
  due        BIGINT       NULL COMMENT 'when its oldest message may be claimed, Gregorian seconds; NULL: none waits',
  claim      CHAR(32)     NULL COMMENT 'whose turn it is, until it is due again; NULL: nobody''s',
  PRIMARY KEY (account_id, target),
  KEY due (due),
  KEY target (target, due)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Messages of an account to one receiver, and the lock of their order';

INSERT INTO outbox_line (account_id, target, due)
  SELECT account_id, target, MIN(created) FROM outbox GROUP BY account_id, target;

CREATE TABLE outbox_attempt (
  outbox_id   BIGINT       NOT NULL,
  attempt     INT          NOT NULL COMMENT '1, 2, 3...',
  begun       BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  ended       BIGINT       NULL COMMENT 'NULL: under way, or the courier died',
  http_status INT          NULL COMMENT 'NULL: there was no answer',
  reason      VARCHAR(255) NULL COMMENT 'a word, if there is one',
  detail      TEXT         NULL COMMENT 'for people',
  PRIMARY KEY (outbox_id, attempt),
  CONSTRAINT attempt_outbox FOREIGN KEY (outbox_id) REFERENCES outbox (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Every attempt to deliver a message';
