-- An import knows by a mark of its own which services it wrote: their version moves on
-- with every change.

ALTER TABLE service
  ADD COLUMN imported BIGINT NULL COMMENT 'the version that an import wrote; NULL: none did';

UPDATE service SET imported = 2 WHERE version > 1;
