-- ledger_list: a page of an account's entries of one service, by (created, id).
-- p_from, p_to  Gregorian seconds, both included
-- p_at_created, p_at_id  the first entry of the page; p_at_id '' from the beginning
-- p_ascending   1: oldest first; 0: newest first
CREATE PROCEDURE ledger_list(IN p_account CHAR(32), IN p_service VARCHAR(128), IN p_from BIGINT,
  IN p_to BIGINT,
  IN p_at_created BIGINT, IN p_at_id VARCHAR(64), IN p_ascending TINYINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  IF p_ascending THEN
    SELECT id, CAST(type AS CHAR) AS type, amount, available, created, document, service
      FROM ledger FORCE INDEX (service)
     WHERE account_id = p_account AND service = p_service
       AND created BETWEEN GREATEST(p_from, IF(p_at_id = '', 0, p_at_created)) AND p_to
       AND (p_at_id = '' OR created > p_at_created OR id >= p_at_id)
     ORDER BY created, id LIMIT p_limit;
  ELSE
    SELECT id, CAST(type AS CHAR) AS type, amount, available, created, document, service
      FROM ledger FORCE INDEX (service)
     WHERE account_id = p_account AND service = p_service
       AND created BETWEEN p_from AND IF(p_at_id = '', p_to, LEAST(p_to, p_at_created))
       AND (p_at_id = '' OR created < p_at_created OR id <= p_at_id)
     ORDER BY created DESC, id DESC LIMIT p_limit;
  END IF;
END
