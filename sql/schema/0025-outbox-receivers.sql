-- Receivers that keep failing are paused, whosever messages wait for them: one attempt
-- is made after each pause.

CREATE TABLE outbox_receiver (
  target       VARCHAR(160) NOT NULL,
  since        BIGINT       NOT NULL COMMENT 'the first of these failures, Gregorian seconds',
  pauses       INT          NOT NULL COMMENT 'in a row',
  paused_until BIGINT       NOT NULL COMMENT 'Gregorian seconds',
  trial_until  BIGINT       NOT NULL COMMENT 'an attempt is under way, or its courier died: Gregorian seconds; 0: none',
  PRIMARY KEY (target)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Receivers that did not take the last message';

ALTER TABLE outbox_line
  ADD COLUMN own_due BIGINT NULL COMMENT 'what due was before a pause of the receiver put it off; NULL: none did';
