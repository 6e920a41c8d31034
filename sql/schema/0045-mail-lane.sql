-- E-mail is a lane of its own: the status page counts it beside the messages to
-- bookkeepers and webhooks.

ALTER TABLE outbox
  MODIFY COLUMN lane VARCHAR(16) GENERATED ALWAYS AS (CASE WHEN state <> 'waiting' THEN NULL WHEN LEFT(target, 8) = 'webhook/' THEN 'webhook' WHEN LEFT(target, 5) = 'mail/' THEN 'mail' ELSE 'bookkeeper' END) STORED COMMENT 'whose couriers'' places it needs, webhook, mail or bookkeeper; NULL: it does not wait';
