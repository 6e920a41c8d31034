-- payment_refundable: what a vendor's bookkeepers were paid by an account, less what
-- they have refunded, or may have. The caller holds the lock of payment_begin.
-- Row:  amount: below zero where more was refunded
CREATE PROCEDURE payment_refundable(IN p_account CHAR(32), IN p_vendor VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(COALESCE(SUM(IF(type = 'sale', amount, -amount)), 0) AS CHAR) AS amount
    FROM payment FORCE INDEX (moved)
   WHERE account_id = p_account AND vendor_id = p_vendor
     AND ((type = 'sale' AND status = 'completed') OR
          (type = 'refund' AND status IN ('pending', 'completed')));
END
