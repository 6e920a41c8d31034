-- Messages that wait or were given up are listed for the owner of their receiver, and
-- for the whole installation, newest first.

ALTER TABLE outbox
  ADD COLUMN owner VARCHAR(64) GENERATED ALWAYS AS (IF(state = 'delivered', NULL, LEFT(SUBSTRING_INDEX(SUBSTRING_INDEX(target, '/', 2), '/', -1), 64))) STORED COMMENT 'whose receiver it is for; NULL: it was delivered',
  ADD KEY owner (owner, state, id),
  ADD KEY undelivered (state, id);
