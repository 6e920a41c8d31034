-- Who pays by which version of a plan is counted by an index.
ALTER TABLE service_assignment
  ADD KEY version (vendor_id, plan_id, priced);
