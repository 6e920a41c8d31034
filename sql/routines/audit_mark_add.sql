-- audit_mark_add: makes an entry be found by user, request, item and category
-- (audit_mark, audit_touch). Internal.
-- Parameters as those of audit_entry_write
-- Locks:     the caller holds audit_head of the account
CREATE PROCEDURE audit_mark_add(
  IN p_account CHAR(32), IN p_sequence BIGINT, IN p_created BIGINT, IN p_document LONGTEXT,
  IN p_lines LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  -- A small part is read several times, and not the document.
  DECLARE v_audit LONGTEXT DEFAULT IF(JSON_VALID(p_document),
                                      JSON_EXTRACT(p_document, '$.audit'), NULL);

  INSERT INTO audit_mark (account_id, created, sequence, who, request_id)
  VALUES (p_account, p_created, p_sequence,
          LEFT(COALESCE(
            NULLIF(JSON_UNQUOTE(JSON_EXTRACT(v_audit, '$.agent.type_id')), 'null'),
            NULLIF(JSON_UNQUOTE(JSON_EXTRACT(v_audit, '$.operator.user')), 'null'),
            NULLIF(JSON_UNQUOTE(JSON_EXTRACT(v_audit, '$.authentication.account_id')), 'null')),
            64),
          LEFT(NULLIF(JSON_UNQUOTE(JSON_EXTRACT(v_audit, '$.request.id')), 'null'), 128));
  IF p_lines <> '[]' THEN
    INSERT IGNORE INTO audit_touch (account_id, service, created, sequence)
      SELECT p_account, n.name, p_created, p_sequence
        FROM JSON_TABLE(p_lines, '$[*]' COLUMNS (
               NESTED PATH '$[*]' COLUMNS (
                 place FOR ORDINALITY,
                 name  VARCHAR(128) COLLATE utf8mb4_bin PATH '$'))) AS n
       WHERE n.place <= 2 AND n.name <> '';
  END IF;
END
