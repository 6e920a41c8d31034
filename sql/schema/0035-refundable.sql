-- What may be refunded is what was paid less what was refunded: a refund adds it up.

ALTER TABLE payment
  ADD KEY moved (account_id, vendor_id, type, status, amount);
