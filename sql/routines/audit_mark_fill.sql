-- audit_mark_fill: adds what audit_mark_add has not added of entries of an account, as
-- after a loss of its tables. Internal.
-- p_from, p_to  sequences, both included
-- p_created_from, p_created_to  Gregorian seconds, both included
-- Locks:     the caller holds audit_head of the account
CREATE PROCEDURE audit_mark_fill(
  IN p_account CHAR(32), IN p_from BIGINT, IN p_to BIGINT, IN p_created_from BIGINT,
  IN p_created_to BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT IGNORE INTO audit_mark (account_id, created, sequence, who, request_id)
    SELECT account_id, created, sequence,
           LEFT(COALESCE(
             NULLIF(JSON_UNQUOTE(JSON_EXTRACT(document, '$.audit.agent.type_id')), 'null'),
             NULLIF(JSON_UNQUOTE(JSON_EXTRACT(document, '$.audit.operator.user')), 'null'),
             NULLIF(JSON_UNQUOTE(JSON_EXTRACT(document, '$.audit.authentication.account_id')),
                    'null')), 64),
           LEFT(NULLIF(JSON_UNQUOTE(JSON_EXTRACT(document, '$.audit.request.id')), 'null'), 128)
      FROM (SELECT e.account_id, e.created, e.sequence,
                   IF(JSON_VALID(e.document), e.document, '{}') AS document
              FROM audit_entry AS e
             WHERE e.account_id = p_account AND e.sequence BETWEEN p_from AND p_to
               AND e.created BETWEEN p_created_from AND p_created_to AND e.form = 'invoice') AS x;
  INSERT IGNORE INTO audit_touch (account_id, service, created, sequence)
    SELECT e.account_id, n.name, e.created, e.sequence
      FROM audit_entry AS e
      JOIN JSON_TABLE(CONVERT(e.line_items USING utf8mb4), '$[*]' COLUMNS (
             NESTED PATH '$[*]' COLUMNS (
               place FOR ORDINALITY,
               name  VARCHAR(128) COLLATE utf8mb4_bin PATH '$'))) AS n
     WHERE e.account_id = p_account AND e.sequence BETWEEN p_from AND p_to
       AND e.created BETWEEN p_created_from AND p_created_to AND e.form = 'invoice'
       AND e.line_items <> '[]' AND n.place <= 2 AND n.name <> '';
END
