-- Receivers that keep failing are paused, whosever messages wait for them: one attempt
-- is made after each pause. A courier passes a paused receiver over when it looks for a
-- message, so no line of a receiver is written for it.

CREATE TABLE outbox_receiver (
  target       VARCHAR(160) NOT NULL,
  since        BIGINT       NOT NULL COMMENT 'the first of these failures, Gregorian seconds',
  failures     INT          NOT NULL COMMENT 'in a row',
  paused_until BIGINT       NOT NULL COMMENT 'Gregorian seconds; 0: not yet paused',
  trial_until  BIGINT       NOT NULL COMMENT 'an attempt is under way, or its courier died: Gregorian seconds; 0: none',
  PRIMARY KEY (target)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Receivers that did not take the last message';

ALTER TABLE outbox_line
  DROP KEY queue,
  ADD KEY receiver (queue, target, due);
