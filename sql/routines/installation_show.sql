-- installation_show: what the installation began with.
-- Row: had_users: 1 if it had users before they had roles
-- Called by migrate.
CREATE PROCEDURE installation_show()
SQL SECURITY DEFINER
BEGIN
  SELECT had_users FROM installation WHERE id = 1;
END
