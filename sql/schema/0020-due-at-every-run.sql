-- What run-due looks for at every run is found by an index, whatever number of accounts
-- there is: pending payments, and accounts that top up automatically.

ALTER TABLE payment ADD KEY waiting (status, account_id);

ALTER TABLE account
  ADD COLUMN tops_up TINYINT NULL COMMENT '1: its document has "topup"; written with it',
  ADD KEY tops_up (tops_up, id);

UPDATE account SET tops_up = 1 WHERE document LIKE '%"topup":{%';
