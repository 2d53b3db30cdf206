-- Run once by the postgres image, as its superuser: the portal's two roles and three databases.
-- The same as the embedded PostgreSQL sets up (src/AdminPortal.Core/EmbeddedDatabase/ClusterProvisioning.cs).
\getenv owner_password PORTAL_OWNER_PASSWORD
\getenv runtime_password PORTAL_RUNTIME_PASSWORD
CREATE ROLE portal_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE portal_runtime LOGIN PASSWORD :'runtime_password';
CREATE DATABASE portal OWNER portal_owner;
CREATE DATABASE staging OWNER portal_owner;
CREATE DATABASE main OWNER portal_owner;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', name) FROM unnest(ARRAY['portal', 'staging', 'main']) AS name \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO portal_runtime', name) FROM unnest(ARRAY['portal', 'staging', 'main']) AS name \gexec

\connect portal
\ir privileges.sql.part
\connect staging
\ir privileges.sql.part
\connect main
\ir privileges.sql.part
