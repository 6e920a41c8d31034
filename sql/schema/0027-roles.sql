-- Users have roles, each with the rights of those before it: user, viewer, clerk, admin.
-- An installation that has users when it gets them keeps their rights until its
-- configuration says otherwise (user_role).

ALTER TABLE account_user
  ADD COLUMN role VARCHAR(16) NULL COMMENT 'viewer, clerk or admin; NULL: priv_level decides',
  ADD KEY admins (account_id, enabled, role, priv_level);

CREATE TABLE installation (
  id        TINYINT NOT NULL COMMENT 'always 1',
  had_users TINYINT NOT NULL COMMENT '1: it had users before they had roles',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What this installation began with';

INSERT IGNORE INTO installation (id, had_users)
  SELECT 1, EXISTS (SELECT 1 FROM account_user);
