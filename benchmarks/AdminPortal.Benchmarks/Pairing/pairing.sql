-- One pairing as the portal writes it: the statements of its transactions, with values made up here.
\set r random(1, 1000000000000000)
\set u random(1, 50)
-- the code
INSERT INTO portal.pairing_sessions (id, "userId", state, "secretHash", "shortCodeHmac", scopes, "pairingDays", misses, "createdAddress", "expiresAt") VALUES (md5('s' || :r), 'bench-user-' || :u, 'open', sha256(convert_to('a' || :r, 'UTF8')), sha256(convert_to('b' || :r, 'UTF8')), '[{"scope":"WRITE_NOTES"},{"scope":"VIEW_TRANSCRIPT"}]', 90, 0, '192.0.2.1', now() + interval '2 minutes');
-- the claim
SELECT s.*, now() FROM portal.pairing_sessions s WHERE id = md5('s' || :r);
SELECT id, "userId", "isActive", "expiresAt" FROM public.device_pairings WHERE "deviceId" = 'pgbench-' || :r;
SELECT name, enabled, settings FROM portal.device_policies;
WITH claimed AS (UPDATE portal.pairing_sessions SET state = 'claimed', "claimKeyHash" = sha256(convert_to('c' || :r, 'UTF8')), seed = sha256(convert_to('d' || :r, 'UTF8')), "expiresAt" = now() + interval '10 minutes', "claimedAt" = now(), "deviceId" = 'pgbench-' || :r, "deviceType" = 'MOBILE_IOS', "deviceName" = 'Bench phone', platform = 'iOS', "osVersion" = '26.1', "appVersion" = '1.0', address = '192.0.2.2', "userAgent" = 'benchmark' WHERE id = md5('s' || :r) AND state = 'open' AND "expiresAt" > now() RETURNING "userId", "deviceId"), written AS (INSERT INTO portal.device_events (kind, "userId", "deviceId", "actorId", "actorName", address) SELECT 'scanned', "userId", "deviceId", 'device', 'Bench phone', '192.0.2.2' FROM claimed), told AS (SELECT pg_notify('portal_device_changes', '{"SessionId":"' || md5('s' || :r) || '"}') FROM claimed) SELECT count(*) FROM told;
-- the confirmation
SELECT s.*, now() FROM portal.pairing_sessions s WHERE id = md5('s' || :r) AND "userId" = 'bench-user-' || :u;
SELECT name, enabled, settings FROM portal.device_policies;
WITH changed AS (UPDATE portal.pairing_sessions SET state = 'confirmed', "expiresAt" = now() + interval '10 minutes' WHERE id = md5('s' || :r) AND state = 'claimed' AND "expiresAt" > now() RETURNING "userId", "deviceId"), written AS (INSERT INTO portal.device_events (kind, "userId", "deviceId", "actorId", "actorName", address) SELECT 'confirmed', "userId", "deviceId", 'bench-account-' || :u, 'Bench', '192.0.2.1' FROM changed), told AS (SELECT pg_notify('portal_device_changes', '{"SessionId":"' || md5('s' || :r) || '"}') FROM changed) SELECT count(*) FROM told;
-- the collection
SELECT s.*, now() FROM portal.pairing_sessions s WHERE id = md5('s' || :r);
BEGIN;
SELECT * FROM portal.pairing_sessions WHERE id = md5('s' || :r) FOR UPDATE;
SELECT id FROM public.device_pairings WHERE "deviceId" = 'pgbench-' || :r FOR UPDATE;
SELECT now() FROM public.users WHERE id = 'bench-user-' || :u;
SELECT name, enabled, settings FROM portal.device_policies;
INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "deviceName", "sessionToken", "expiresAt", "ipAddress", "userAgent", "updatedAt") VALUES (md5('p' || :r), 'bench-user-' || :u, 'pgbench-' || :r, 'MOBILE_IOS', 'Bench phone', 'sha256:' || md5('t' || :r), now() + interval '90 days', '192.0.2.2', 'benchmark', now());
INSERT INTO public.device_permissions (id, "devicePairingId", permission, "updatedAt") VALUES (md5('g1' || :r), md5('p' || :r), 'WRITE_NOTES', now()), (md5('g2' || :r), md5('p' || :r), 'VIEW_TRANSCRIPT', now());
UPDATE portal.pairing_sessions SET state = 'collected', "collectedAt" = now(), "pairingId" = md5('p' || :r) WHERE id = md5('s' || :r);
INSERT INTO portal.device_events (kind, "userId", "deviceId", "pairingId", "actorId", "actorName", address) VALUES ('paired', 'bench-user-' || :u, 'pgbench-' || :r, md5('p' || :r), 'device', 'Bench phone', '192.0.2.2');
INSERT INTO portal.notice_outbox (kind, "userId", "pairingId", "deviceTitle", "actorId") VALUES ('device-paired', 'bench-user-' || :u, md5('p' || :r), 'Bench phone', 'device');
SELECT pg_notify('portal_device_changes', '{"UserId":"bench-user-' || :u || '"}');
COMMIT;
