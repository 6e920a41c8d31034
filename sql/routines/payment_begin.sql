-- payment_begin: records a pending payment, unless the account has one of the same
-- request_key, or a top-up without a request_key while another such top-up is
-- pending: a repeated request must not pay twice. Shows the new or the found payment.
-- p_apart        of pending top-ups, only one of the same amount counts
-- p_alone_since  not if an automatic top-up since this moment succeeded, or any
--                is pending; NULL: in any case
-- Row:    as payment_show; none: there was a top-up since
-- Errors: 45404 account: unknown
-- Locks:  audit_head of the account
CREATE PROCEDURE payment_begin(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_type VARCHAR(8),
  IN p_status VARCHAR(10), IN p_amount VARCHAR(24), IN p_created BIGINT, IN p_key VARCHAR(255),
  IN p_executor VARCHAR(64), IN p_credits TINYINT, IN p_bookkeeper VARCHAR(64),
  IN p_bookkeeper_type VARCHAR(64),
  IN p_vendor VARCHAR(64), IN p_document LONGTEXT, IN p_alone_since BIGINT,
  IN p_apart TINYINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT DEFAULT NULL;
  DECLARE v_id VARCHAR(64) DEFAULT NULL;

  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  IF v_sequence IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  SELECT id INTO v_id FROM payment WHERE account_id = p_account AND request_key = p_key;
  IF p_key IS NULL AND p_credits AND p_alone_since IS NULL THEN
    SELECT MIN(id) INTO v_id FROM payment FORCE INDEX (pending)
     WHERE account_id = p_account AND status = 'pending' AND credits = 1 AND request_key IS NULL
       AND (NOT p_apart OR amount = CAST(p_amount AS DECIMAL(20,6)));
  END IF;
  IF v_id IS NULL AND (p_alone_since IS NULL OR (
       NOT EXISTS (SELECT 1 FROM payment FORCE INDEX (pending)
                    WHERE account_id = p_account AND status = 'pending' AND credits = 1)
       AND NOT EXISTS (SELECT 1 FROM payment FORCE INDEX (created)
                        WHERE account_id = p_account AND created > p_alone_since
                          AND executor = 'automatic' AND status = 'completed'
                          AND credits = 1))) THEN
    INSERT INTO payment (account_id, id, type, status, amount, created, modified, request_key,
                         executor, credits, bookkeeper_id, bookkeeper_type, vendor_id, document)
    VALUES (p_account, p_id, p_type, p_status, CAST(p_amount AS DECIMAL(20,6)), p_created,
            p_created, p_key,
            p_executor, p_credits, p_bookkeeper, p_bookkeeper_type, p_vendor, p_document);
  END IF;
  SELECT account_id, id, CAST(type AS CHAR) AS type, CAST(status AS CHAR) AS status, amount,
         created, executor,
         credits, bookkeeper_id, bookkeeper_type, vendor_id, reason, message, details, document
    FROM payment WHERE account_id = p_account AND id = COALESCE(v_id, p_id);
END
