-- outbox_add: leaves a message, in the transaction of the change it reports.
-- p_target    the receiver: an account's messages to it are delivered in order
-- p_message   its kind, such as 'update'
-- p_audit     the entry that gets the answer as its outcome, or NULL
-- p_vendor, p_bookkeeper, p_type  of a bookkeeper, else NULL
-- p_delivery  32 hex digits by which the receiver knows a repetition. A message that
--             has it already stays; it waits again if it was given up
-- p_document  canonical JSON
-- p_now       Gregorian seconds
-- Locks:      the line of the account and the target
CREATE PROCEDURE outbox_add(IN p_account CHAR(32), IN p_audit VARCHAR(64), IN p_target VARCHAR(160),
  IN p_message VARCHAR(32), IN p_vendor VARCHAR(64), IN p_bookkeeper VARCHAR(64),
  IN p_type VARCHAR(64), IN p_delivery CHAR(32), IN p_document LONGTEXT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  -- The line first: its writers take turns, so ids in it are in order.
  INSERT INTO outbox_line (account_id, target, due) VALUES (p_account, p_target, p_now)
  ON DUPLICATE KEY UPDATE due = COALESCE(due, p_now);
  INSERT INTO outbox (account_id, audit_id, target, message, vendor_id, bookkeeper_id,
                      bookkeeper_type, delivery_id, created, document)
  VALUES (p_account, p_audit, p_target, p_message, p_vendor, p_bookkeeper, p_type,
          p_delivery, p_now, p_document)
  ON DUPLICATE KEY UPDATE forgiven = IF(state = 'dead', attempts, forgiven),
                          settled = IF(state = 'dead', NULL, settled),
                          state = IF(state = 'dead', 'waiting', state);
END
