-- In each database: who may create in schema public, and who may look into it. What the runtime role needs of tables the portal
-- grants itself, table by table and column by column, after every migration; there are no default privileges.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO portal_owner;
GRANT USAGE ON SCHEMA public TO portal_runtime;
