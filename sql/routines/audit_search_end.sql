-- audit_search_end: the place in an index behind p_limit places that audit_search_list
-- would read, newest first. No row: there are fewer.
-- p_top, p_below  an account; 1: and all below it
-- p_service  an item or a category that the entries changed; '' any
-- p_who      NULL: anybody
-- p_request  NULL: any
-- p_low_*, p_high_*  places (created, account, sequence) between which entries stand, both
--            included
-- p_limit    the number of places that are passed over
CREATE PROCEDURE audit_search_end(
  IN p_top CHAR(32), IN p_below TINYINT, IN p_service VARCHAR(128), IN p_who VARCHAR(64),
  IN p_request VARCHAR(128), IN p_low_created BIGINT, IN p_low_account CHAR(32),
  IN p_low_sequence BIGINT, IN p_high_created BIGINT, IN p_high_account CHAR(32),
  IN p_high_sequence BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_way VARCHAR(12) DEFAULT CASE
    WHEN p_request IS NOT NULL THEN 'request' WHEN p_who IS NOT NULL THEN 'who'
    WHEN p_service <> '' THEN IF(p_below, 'touch below', 'touch')
    ELSE IF(p_below, 'below', 'own') END;
  IF v_way = 'request' THEN
    SELECT t.created, t.account_id, t.sequence
      FROM audit_mark AS t FORCE INDEX (request)
     WHERE t.request_id = p_request AND t.created BETWEEN p_low_created AND p_high_created
       AND (t.created > p_low_created
            OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
       AND (t.created < p_high_created
            OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
     ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit, 1;
  ELSEIF v_way = 'who' THEN
    SELECT t.created, t.account_id, t.sequence
      FROM audit_mark AS t FORCE INDEX (who)
     WHERE t.who = p_who AND t.created BETWEEN p_low_created AND p_high_created
       AND (t.created > p_low_created
            OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
       AND (t.created < p_high_created
            OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
     ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit, 1;
  ELSEIF v_way = 'touch below' THEN
    SELECT t.created, t.account_id, t.sequence
      FROM audit_touch AS t FORCE INDEX (place)
     WHERE t.service = p_service
       AND t.created BETWEEN p_low_created AND p_high_created
       AND (t.created > p_low_created
            OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
       AND (t.created < p_high_created
            OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
     ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit, 1;
  ELSEIF v_way = 'touch' THEN
    SELECT t.created, t.account_id, t.sequence
      FROM audit_touch AS t FORCE INDEX (PRIMARY)
     WHERE t.account_id = p_top AND t.service = p_service
       AND t.created BETWEEN p_low_created AND p_high_created
       AND (t.created > p_low_created
            OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
       AND (t.created < p_high_created
            OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
     ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit, 1;
  ELSEIF v_way = 'below' THEN
    SELECT t.created, t.account_id, t.sequence
      FROM audit_mark AS t FORCE INDEX (place)
     WHERE t.created BETWEEN p_low_created AND p_high_created
       AND (t.created > p_low_created
            OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
       AND (t.created < p_high_created
            OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
     ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit, 1;
  ELSE
    SELECT t.created, t.account_id, t.sequence
      FROM audit_mark AS t FORCE INDEX (PRIMARY)
     WHERE t.account_id = p_top AND t.created BETWEEN p_low_created AND p_high_created
       AND (t.created > p_low_created
            OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
       AND (t.created < p_high_created
            OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
     ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit, 1;
  END IF;
END
