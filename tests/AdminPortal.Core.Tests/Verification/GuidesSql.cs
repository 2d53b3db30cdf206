namespace AdminPortal.Core.Tests.Verification;

/// <summary>Databases that were not made by this portal.</summary>
internal static class GuidesSql
{
    /// <summary>The host application's tables before either guide.</summary>
    public const string Host = """
        CREATE TABLE "users" ("id" TEXT NOT NULL, "email" TEXT NOT NULL, "name" TEXT, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL, "passwordHash" TEXT, CONSTRAINT "users_pkey" PRIMARY KEY ("id"));
        CREATE UNIQUE INDEX "users_email_key" ON "users"("email");
        CREATE TABLE "tasks" ("id" TEXT NOT NULL, "userId" TEXT NOT NULL, "title" TEXT NOT NULL, "notes" TEXT, "status" TEXT NOT NULL DEFAULT 'open', "dueAt" TIMESTAMP(3), "completedAt" TIMESTAMP(3),
          "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL, CONSTRAINT "tasks_pkey" PRIMARY KEY ("id"));
        CREATE TABLE "focus_sessions" ("id" TEXT NOT NULL, "userId" TEXT NOT NULL, "taskId" TEXT, "startedAt" TIMESTAMP(3) NOT NULL, "endedAt" TIMESTAMP(3), "durationSeconds" INTEGER NOT NULL,
          "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL, CONSTRAINT "focus_sessions_pkey" PRIMARY KEY ("id"));
        ALTER TABLE "tasks" ADD CONSTRAINT "tasks_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
        ALTER TABLE "focus_sessions" ADD CONSTRAINT "focus_sessions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
        ALTER TABLE "focus_sessions" ADD CONSTRAINT "focus_sessions_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "tasks"("id") ON DELETE SET NULL ON UPDATE CASCADE;
        """;

    /// <summary>What Prisma's migrate makes of both guides' models.</summary>
    public const string Prisma = """
        CREATE TYPE "DeviceType" AS ENUM ('DESKTOP', 'MOBILE_IOS', 'MOBILE_ANDROID', 'TABLET');
        CREATE TYPE "PermissionScope" AS ENUM ('READ_PATIENT_DATA', 'WRITE_NOTES', 'VIEW_TRANSCRIPT', 'CONTROL_RECORDING', 'ACCESS_DIAGNOSIS', 'VIEW_MEDICATIONS', 'EDIT_SOAP_NOTES', 'FULL_ACCESS');
        CREATE TABLE "device_pairings" ("id" TEXT NOT NULL, "userId" TEXT NOT NULL, "deviceId" TEXT NOT NULL, "deviceType" "DeviceType" NOT NULL, "deviceName" TEXT, "sessionToken" TEXT NOT NULL, "expiresAt" TIMESTAMP(3) NOT NULL,
          "ipAddress" TEXT, "userAgent" TEXT, "isActive" BOOLEAN NOT NULL DEFAULT true, "lastSeenAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL,
          CONSTRAINT "device_pairings_pkey" PRIMARY KEY ("id"));
        CREATE TABLE "device_permissions" ("id" TEXT NOT NULL, "devicePairingId" TEXT NOT NULL, "permission" "PermissionScope" NOT NULL, "grantedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "expiresAt" TIMESTAMP(3),
          "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL, CONSTRAINT "device_permissions_pkey" PRIMARY KEY ("id"));
        CREATE UNIQUE INDEX "device_pairings_deviceId_key" ON "device_pairings"("deviceId");
        CREATE UNIQUE INDEX "device_pairings_sessionToken_key" ON "device_pairings"("sessionToken");
        ALTER TABLE "device_pairings" ADD CONSTRAINT "device_pairings_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
        ALTER TABLE "device_permissions" ADD CONSTRAINT "device_permissions_devicePairingId_fkey" FOREIGN KEY ("devicePairingId") REFERENCES "device_pairings"("id") ON DELETE CASCADE ON UPDATE CASCADE;
        ALTER TABLE "users" ADD COLUMN "lastSyncedAt" TIMESTAMP(3);
        ALTER TABLE "tasks" ADD COLUMN "clientId" TEXT;
        ALTER TABLE "focus_sessions" ADD COLUMN "clientId" TEXT;
        CREATE TABLE "devices" ("id" TEXT NOT NULL, "userId" TEXT NOT NULL, "deviceId" TEXT NOT NULL, "platform" TEXT NOT NULL, "osVersion" TEXT, "appVersion" TEXT NOT NULL, "pushToken" TEXT,
          "lastSeenAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL, CONSTRAINT "devices_pkey" PRIMARY KEY ("id"));
        CREATE UNIQUE INDEX "devices_deviceId_key" ON "devices"("deviceId");
        CREATE INDEX "devices_userId_idx" ON "devices"("userId");
        CREATE INDEX "users_lastSyncedAt_idx" ON "users"("lastSyncedAt");
        CREATE UNIQUE INDEX "tasks_clientId_key" ON "tasks"("clientId");
        CREATE UNIQUE INDEX "focus_sessions_clientId_key" ON "focus_sessions"("clientId");
        ALTER TABLE "devices" ADD CONSTRAINT "devices_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
        """ + Indexes;

    /// <summary>The pairing guide's preview, word for word, with its enums made but not used.</summary>
    public const string Preview = """
        CREATE TABLE "device_pairings" (
          "id" TEXT NOT NULL PRIMARY KEY, "userId" TEXT NOT NULL, "deviceId" TEXT NOT NULL UNIQUE, "deviceType" TEXT NOT NULL, "deviceName" TEXT, "sessionToken" TEXT NOT NULL UNIQUE, "expiresAt" TIMESTAMP NOT NULL,
          "ipAddress" TEXT, "userAgent" TEXT, "isActive" BOOLEAN NOT NULL DEFAULT true, "lastSeenAt" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, "createdAt" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP NOT NULL,
          CONSTRAINT "device_pairings_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
        );
        CREATE TABLE "device_permissions" (
          "id" TEXT NOT NULL PRIMARY KEY, "devicePairingId" TEXT NOT NULL, "permission" TEXT NOT NULL, "grantedAt" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, "expiresAt" TIMESTAMP,
          "createdAt" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP NOT NULL,
          CONSTRAINT "device_permissions_devicePairingId_fkey" FOREIGN KEY ("devicePairingId") REFERENCES "device_pairings"("id") ON DELETE CASCADE ON UPDATE CASCADE
        );
        CREATE TYPE "DeviceType" AS ENUM ('DESKTOP', 'MOBILE_IOS', 'MOBILE_ANDROID', 'TABLET');
        CREATE TYPE "PermissionScope" AS ENUM ('READ_PATIENT_DATA', 'WRITE_NOTES', 'VIEW_TRANSCRIPT', 'CONTROL_RECORDING', 'ACCESS_DIAGNOSIS', 'VIEW_MEDICATIONS', 'EDIT_SOAP_NOTES', 'FULL_ACCESS');
        """ + Indexes;

    private const string Indexes = """

        CREATE INDEX "device_pairings_userId_idx" ON "device_pairings"("userId");
        CREATE INDEX "device_pairings_deviceId_idx" ON "device_pairings"("deviceId");
        CREATE INDEX "device_pairings_expiresAt_idx" ON "device_pairings"("expiresAt");
        CREATE INDEX "device_pairings_isActive_idx" ON "device_pairings"("isActive");
        CREATE UNIQUE INDEX "device_permissions_devicePairingId_permission_key" ON "device_permissions"("devicePairingId", "permission");
        CREATE INDEX "device_permissions_devicePairingId_idx" ON "device_permissions"("devicePairingId");
        CREATE INDEX "device_permissions_permission_idx" ON "device_permissions"("permission");
        """;
}
