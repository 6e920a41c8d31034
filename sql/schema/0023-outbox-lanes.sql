-- The status page counts the messages that wait, and finds the oldest of them, by lane
-- and by an index, whatever number of delivered ones there is.

ALTER TABLE outbox
  ADD COLUMN lane VARCHAR(16) GENERATED ALWAYS AS (CASE WHEN state <> 'waiting' THEN NULL WHEN LEFT(target, 8) = 'webhook/' THEN 'webhook' ELSE 'bookkeeper' END) STORED COMMENT 'whose couriers'' places it needs, webhook or bookkeeper; NULL: it does not wait',
  ADD KEY lane (lane, id);
