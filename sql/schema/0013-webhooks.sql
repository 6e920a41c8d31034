-- Attempts to tell a webhook are looked for by it.

ALTER TABLE outbox ADD KEY target (target, id);
