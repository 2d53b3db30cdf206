namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>
/// What schema <c>public</c> of a managed database must hold, and nothing else. Written by hand from the two guides and
/// the data model, in the words of <see cref="Catalogue"/>; never generated from the migrations that it checks.
/// </summary>
internal static class PublicSchema
{
    public static IEnumerable<string> Lines => (Users + Tasks + FocusSessions + DevicePairings + DevicePermissions + Devices + Enums + AddedIndexes + SyncTriggers)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private const string Users = """
        table public.users
        column public.users.id #1 text not null
        column public.users.email #2 text not null
        column public.users.name #3 text
        column public.users.createdAt #4 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.users.updatedAt #5 timestamp(3) without time zone not null
        column public.users.lastSyncedAt #6 timestamp(3) without time zone
        constraint public.users.users_pkey: PRIMARY KEY (id)
        index: CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email)
        index: CREATE INDEX "users_lastSyncedAt_idx" ON public.users USING btree ("lastSyncedAt")

        """;

    private const string Tasks = """
        table public.tasks
        column public.tasks.id #1 text not null
        column public.tasks.userId #2 text not null
        column public.tasks.title #3 text not null
        column public.tasks.notes #4 text
        column public.tasks.status #5 text not null default 'open'::text
        column public.tasks.dueAt #6 timestamp(3) without time zone
        column public.tasks.completedAt #7 timestamp(3) without time zone
        column public.tasks.createdAt #8 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.tasks.updatedAt #9 timestamp(3) without time zone not null
        column public.tasks.clientId #10 text
        constraint public.tasks.tasks_pkey: PRIMARY KEY (id)
        constraint public.tasks.tasks_userId_fkey: FOREIGN KEY ("userId") REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE
        index: CREATE UNIQUE INDEX "tasks_clientId_key" ON public.tasks USING btree ("clientId")

        """;

    private const string FocusSessions = """
        table public.focus_sessions
        column public.focus_sessions.id #1 text not null
        column public.focus_sessions.userId #2 text not null
        column public.focus_sessions.taskId #3 text
        column public.focus_sessions.startedAt #4 timestamp(3) without time zone not null
        column public.focus_sessions.endedAt #5 timestamp(3) without time zone
        column public.focus_sessions.durationSeconds #6 integer not null
        column public.focus_sessions.createdAt #7 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.focus_sessions.updatedAt #8 timestamp(3) without time zone not null
        column public.focus_sessions.clientId #9 text
        constraint public.focus_sessions.focus_sessions_pkey: PRIMARY KEY (id)
        constraint public.focus_sessions.focus_sessions_userId_fkey: FOREIGN KEY ("userId") REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE
        constraint public.focus_sessions.focus_sessions_taskId_fkey: FOREIGN KEY ("taskId") REFERENCES tasks(id) ON UPDATE CASCADE ON DELETE SET NULL
        index: CREATE UNIQUE INDEX "focus_sessions_clientId_key" ON public.focus_sessions USING btree ("clientId")

        """;

    private const string DevicePairings = """
        table public.device_pairings
        column public.device_pairings.id #1 text not null
        column public.device_pairings.userId #2 text not null
        column public.device_pairings.deviceId #3 text not null
        column public.device_pairings.deviceType #4 "DeviceType" not null
        column public.device_pairings.deviceName #5 text
        column public.device_pairings.sessionToken #6 text not null
        column public.device_pairings.expiresAt #7 timestamp(3) without time zone not null
        column public.device_pairings.ipAddress #8 text
        column public.device_pairings.userAgent #9 text
        column public.device_pairings.isActive #10 boolean not null default true
        column public.device_pairings.lastSeenAt #11 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.device_pairings.createdAt #12 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.device_pairings.updatedAt #13 timestamp(3) without time zone not null
        constraint public.device_pairings.device_pairings_pkey: PRIMARY KEY (id)
        constraint public.device_pairings.device_pairings_userId_fkey: FOREIGN KEY ("userId") REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE
        index: CREATE UNIQUE INDEX "device_pairings_deviceId_key" ON public.device_pairings USING btree ("deviceId")
        index: CREATE UNIQUE INDEX "device_pairings_sessionToken_key" ON public.device_pairings USING btree ("sessionToken")
        index: CREATE INDEX "device_pairings_userId_idx" ON public.device_pairings USING btree ("userId")
        index: CREATE INDEX "device_pairings_deviceId_idx" ON public.device_pairings USING btree ("deviceId")
        index: CREATE INDEX "device_pairings_expiresAt_idx" ON public.device_pairings USING btree ("expiresAt")
        index: CREATE INDEX "device_pairings_isActive_idx" ON public.device_pairings USING btree ("isActive")

        """;

    private const string DevicePermissions = """
        table public.device_permissions
        column public.device_permissions.id #1 text not null
        column public.device_permissions.devicePairingId #2 text not null
        column public.device_permissions.permission #3 "PermissionScope" not null
        column public.device_permissions.grantedAt #4 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.device_permissions.expiresAt #5 timestamp(3) without time zone
        column public.device_permissions.createdAt #6 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.device_permissions.updatedAt #7 timestamp(3) without time zone not null
        constraint public.device_permissions.device_permissions_pkey: PRIMARY KEY (id)
        constraint public.device_permissions.device_permissions_devicePairingId_fkey: FOREIGN KEY ("devicePairingId") REFERENCES device_pairings(id) ON UPDATE CASCADE ON DELETE CASCADE
        index: CREATE UNIQUE INDEX "device_permissions_devicePairingId_permission_key" ON public.device_permissions USING btree ("devicePairingId", permission)
        index: CREATE INDEX "device_permissions_devicePairingId_idx" ON public.device_permissions USING btree ("devicePairingId")
        index: CREATE INDEX device_permissions_permission_idx ON public.device_permissions USING btree (permission)
        index: CREATE INDEX "device_permissions_expiresAt_idx" ON public.device_permissions USING btree ("expiresAt", id) WHERE ("expiresAt" IS NOT NULL)

        """;

    private const string Devices = """
        table public.devices
        column public.devices.id #1 text not null
        column public.devices.userId #2 text not null
        column public.devices.deviceId #3 text not null
        column public.devices.platform #4 text not null
        column public.devices.osVersion #5 text
        column public.devices.appVersion #6 text not null
        column public.devices.pushToken #7 text
        column public.devices.lastSeenAt #8 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.devices.createdAt #9 timestamp(3) without time zone not null default CURRENT_TIMESTAMP
        column public.devices.updatedAt #10 timestamp(3) without time zone not null
        constraint public.devices.devices_pkey: PRIMARY KEY (id)
        constraint public.devices.devices_userId_fkey: FOREIGN KEY ("userId") REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE
        index: CREATE UNIQUE INDEX "devices_deviceId_key" ON public.devices USING btree ("deviceId")
        index: CREATE INDEX "devices_userId_idx" ON public.devices USING btree ("userId")

        """;

    private const string Enums = """
        type public.DeviceType enum: DESKTOP, MOBILE_IOS, MOBILE_ANDROID, TABLET
        type public.PermissionScope enum: READ_PATIENT_DATA, WRITE_NOTES, VIEW_TRANSCRIPT, CONTROL_RECORDING, ACCESS_DIAGNOSIS, VIEW_MEDICATIONS, EDIT_SOAP_NOTES, FULL_ACCESS

        """;

    /// <summary>They only insert into sync.dirty, whoever writes.</summary>
    private const string SyncTriggers = """
        index: CREATE INDEX "focus_sessions_taskId_idx" ON public.focus_sessions USING btree ("taskId")
        trigger: CREATE TRIGGER sync_mark AFTER INSERT OR DELETE OR UPDATE ON public.tasks FOR EACH ROW EXECUTE FUNCTION sync.mark('task')
        trigger: CREATE TRIGGER sync_mark AFTER INSERT OR DELETE OR UPDATE ON public.focus_sessions FOR EACH ROW EXECUTE FUNCTION sync.mark('focusSession')
        trigger: CREATE TRIGGER sync_new_epoch AFTER TRUNCATE ON public.tasks FOR EACH STATEMENT EXECUTE FUNCTION sync.new_epoch()
        trigger: CREATE TRIGGER sync_new_epoch AFTER TRUNCATE ON public.focus_sessions FOR EACH STATEMENT EXECUTE FUNCTION sync.new_epoch()

        """;

    /// <summary>What the portal adds for its lists, and nothing else: no column, no constraint.</summary>
    private const string AddedIndexes = """
        index: CREATE INDEX "device_pairings_lastSeenAt_idx" ON public.device_pairings USING btree ("lastSeenAt")
        index: CREATE INDEX "device_pairings_createdAt_idx" ON public.device_pairings USING btree ("createdAt")
        index: CREATE INDEX device_pairings_ended_idx ON public.device_pairings USING btree ("lastSeenAt") WHERE (NOT "isActive")
        index: CREATE INDEX device_pairings_name_idx ON public.device_pairings USING btree (COALESCE("deviceName", ''::text), id)
        index: CREATE INDEX device_pairings_words_idx ON public.device_pairings USING gin (portal.search_fold((((("deviceId" || ' '::text) || COALESCE("deviceName", ''::text)) || ' '::text) || COALESCE("ipAddress", ''::text))) portal.gin_trgm_ops)
        index: CREATE INDEX users_words_idx ON public.users USING gin (portal.search_fold(((email || ' '::text) || COALESCE(name, ''::text))) portal.gin_trgm_ops)
        index: CREATE INDEX users_person_idx ON public.users USING btree (COALESCE(name, email), id)
        index: CREATE INDEX "users_createdAt_idx" ON public.users USING btree ("createdAt")
        index: CREATE INDEX users_synced_idx ON public.users USING btree (COALESCE("lastSyncedAt", '1970-01-01 00:00:00'::timestamp without time zone), id)
        index: CREATE INDEX "devices_appVersion_idx" ON public.devices USING btree ("appVersion" text_pattern_ops)
        index: CREATE INDEX device_pairings_type_idx ON public.device_pairings USING btree ("deviceType", id)
        index: CREATE INDEX device_pairings_address_idx ON public.device_pairings USING btree (COALESCE("ipAddress", ''::text), id)
        index: CREATE INDEX devices_version_idx ON public.devices USING btree (regexp_replace(regexp_replace("appVersion", '([0-9]+)'::text, '0000000\1'::text, 'g'::text), '[0-9]*([0-9]{8})'::text, '\1'::text, 'g'::text), "deviceId")
        index: CREATE INDEX devices_platform_order_idx ON public.devices USING btree (lower(platform), "deviceId")

        """;
}
