-- The entries that are there. Those whose documents the server does not read (MariaDB
-- reads no more than 32 levels) are found by place and service.

INSERT INTO audit_mark (account_id, created, sequence, who, request_id)
  SELECT e.account_id, e.created, e.sequence,
         IF(JSON_VALID(CONVERT(e.document USING utf8mb4)),
            LEFT(COALESCE(
              NULLIF(JSON_UNQUOTE(JSON_EXTRACT(CONVERT(e.document USING utf8mb4), '$.audit.agent.type_id')), 'null'),
              NULLIF(JSON_UNQUOTE(JSON_EXTRACT(CONVERT(e.document USING utf8mb4), '$.audit.operator.user')), 'null'),
              NULLIF(JSON_UNQUOTE(JSON_EXTRACT(CONVERT(e.document USING utf8mb4), '$.audit.authentication.account_id')), 'null')),
              64), NULL),
         IF(JSON_VALID(CONVERT(e.document USING utf8mb4)),
            LEFT(NULLIF(JSON_UNQUOTE(JSON_EXTRACT(CONVERT(e.document USING utf8mb4), '$.audit.request.id')), 'null'), 128),
            NULL)
    FROM audit_entry AS e WHERE e.form = 'invoice';

INSERT IGNORE INTO audit_touch (account_id, service, created, sequence)
  SELECT e.account_id, l.name, e.created, e.sequence
    FROM audit_entry AS e
    JOIN JSON_TABLE(CONVERT(e.line_items USING utf8mb4), '$[*]' COLUMNS (
           name VARCHAR(128) COLLATE utf8mb4_bin PATH '$[0]')) AS l
   WHERE e.form = 'invoice' AND e.line_items <> '[]' AND l.name <> '';

INSERT IGNORE INTO audit_touch (account_id, service, created, sequence)
  SELECT e.account_id, l.name, e.created, e.sequence
    FROM audit_entry AS e
    JOIN JSON_TABLE(CONVERT(e.line_items USING utf8mb4), '$[*]' COLUMNS (
           name VARCHAR(128) COLLATE utf8mb4_bin PATH '$[1]')) AS l
   WHERE e.form = 'invoice' AND e.line_items <> '[]' AND l.name <> '';
