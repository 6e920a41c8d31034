-- A courier takes turns among the owners of receivers, whatever number of lines each
-- has: it finds the next owner with a waiting message, and that owner's oldest line, by
-- an index.

ALTER TABLE outbox_line
  ADD COLUMN queue VARCHAR(160) GENERATED ALWAYS AS (IF(due IS NULL, NULL, SUBSTRING_INDEX(target, '/', 2))) STORED COMMENT 'kind of the receiver and its owner, such as webhook/ACCOUNT; NULL: nothing waits',
  ADD KEY queue (queue, due);
