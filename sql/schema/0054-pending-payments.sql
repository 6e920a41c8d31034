-- Pending payments are listed by the moment they were made, of many accounts at once.

ALTER TABLE payment ADD KEY moment (status, created, id);
