-- Of those who want to ask a bookkeeper for the same payment, one does at a time.

ALTER TABLE payment
  ADD COLUMN asked       INT    NOT NULL DEFAULT 0 COMMENT 'how often its bookkeeper was, or was going to be',
  ADD COLUMN asked_until BIGINT NOT NULL DEFAULT 0 COMMENT 'somebody asks it, or did not come back: Gregorian seconds';

UPDATE payment SET asked = 1 WHERE bookkeeper_id IS NOT NULL;
