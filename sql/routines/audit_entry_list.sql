-- audit_entry_list: a page of an account's entries that happened in
-- [p_from, p_to], newest first or oldest first.
-- p_at_created, p_at_sequence  the first entry of the page; NULL: from the end of the range
-- p_ascending  1: oldest first
-- p_limit      at most this many rows
CREATE PROCEDURE audit_entry_list(
  IN p_account CHAR(32), IN p_from BIGINT, IN p_to BIGINT, IN p_at_created BIGINT,
  IN p_at_sequence BIGINT, IN p_ascending TINYINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  IF p_ascending THEN
    SELECT id, created, recorded, sequence, status, reason, message, results, document
      FROM audit_entry FORCE INDEX (created)
     WHERE account_id = p_account AND form = 'invoice'
       AND created BETWEEN GREATEST(p_from, COALESCE(p_at_created, p_from)) AND p_to
       AND (p_at_created IS NULL OR created > p_at_created OR sequence >= p_at_sequence)
     ORDER BY created, sequence LIMIT p_limit;
  ELSE
    SELECT id, created, recorded, sequence, status, reason, message, results, document
      FROM audit_entry FORCE INDEX (created)
     WHERE account_id = p_account AND form = 'invoice'
       AND created BETWEEN p_from AND LEAST(p_to, COALESCE(p_at_created, p_to))
       AND (p_at_created IS NULL OR created < p_at_created OR sequence <= p_at_sequence)
     ORDER BY created DESC, sequence DESC LIMIT p_limit;
  END IF;
END
