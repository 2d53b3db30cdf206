-- In each database: the runtime role reads and writes rows of what the owner creates; migrations take away what it must not touch.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO portal_owner;
GRANT USAGE ON SCHEMA public TO portal_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE ON SCHEMAS TO portal_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE, SELECT ON SEQUENCES TO portal_runtime;
