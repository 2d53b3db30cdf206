using System.Security.Cryptography;
using AdminPortal.Core.Pairing;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Data.Sync;
using AdminPortal.Data.Users;

namespace AdminPortal.Core.SampleData;

/// <summary>
/// The rows of the sample: people, devices in every state, permissions, what devices said of themselves, some history.
/// The same every time, but for the tokens, which nobody holds.
/// </summary>
internal static class SamplePeople
{
    /// <summary>What marks a person of the sample, in the id and so in everything that hangs on it.</summary>
    public const string IdPrefix = "sample-";

    private static readonly string[] FirstNames = ["Amara", "Benedikt", "Chiara", "Dmitri", "Eun-ji", "Fatima", "Goran", "Hanna", "Iker", "Jelena", "Kofi", "Lin"];

    private static readonly (string Name, DeviceType Type, string Platform, string Os, string App)[] Models =
    [
        ("iPhone", DeviceType.MobileIos, "ios", "19.1", "2.4.0"),
        ("Ward tablet", DeviceType.Tablet, "android", "16", "2.3.1"),
        ("Office desktop", DeviceType.Desktop, "windows", "11 24H2", "2.4.0"),
        ("Android phone", DeviceType.MobileAndroid, "android", "15", "1.9.2"),
        ("A tablet with a rather long name that was typed by somebody who had time", DeviceType.Tablet, "ios", "18.6", "2.1.0"),
    ];

    public static void AddTo(DeviceDbContext db, DateTime now)
    {
        for (var person = 0; person < FirstNames.Length; person++)
        {
            var name = FirstNames[person];
            var user = new AppUser
            {
                Id = IdPrefix + name.ToLowerInvariant(),
                Email = person switch { 0 => SampleDataSet.AdminEmail, 1 => SampleDataSet.SupportEmail, 2 => SampleDataSet.UserEmail, _ => $"{name.ToLowerInvariant()}@sample.example" },
                Name = $"{name} (sample)",
                CreatedAt = now.AddDays(-200 + person),
                UpdatedAt = now.AddDays(-20),
                LastSyncedAt = (person % 4) switch { 0 => now.AddMinutes(-9 * (person + 1)), 1 => now.AddDays(-9), 2 => now.AddHours(-5), _ => null },
            };
            db.Users.Add(user);
            AddTasks(db, user, now, person);
            for (var device = 0; device <= person % 4; device++)
            {
                AddDevice(db, user, now, person, device);
            }
        }
    }

    private static void AddDevice(DeviceDbContext db, AppUser user, DateTime now, int person, int device)
    {
        var model = Models[(person + device) % Models.Length];
        var number = (person * 4) + device;
        var createdAt = now.AddDays(-70 + number);
        var expired = number % 11 == 5;
        var revoked = number % 9 == 7;
        var quarantined = number % 13 == 10;
        var pairing = new DevicePairing
        {
            Id = Ids.New(),
            UserId = user.Id,
            DeviceId = $"{IdPrefix}device-{number:D3}",
            DeviceType = model.Type,
            DeviceName = number % 10 == 9 ? null : model.Name,
            SessionToken = PairingSecrets.TokenHash(Convert.ToHexString(RandomNumberGenerator.GetBytes(32))),
            ExpiresAt = expired ? now.AddDays(-3) : createdAt.AddDays(90),
            IpAddress = $"192.0.2.{number + 10}",
            UserAgent = $"SampleApp/{model.App} ({model.Platform} {model.Os})",
            IsActive = !revoked && !quarantined,
            LastSeenAt = expired ? now.AddDays(-4) : now.AddMinutes(-7 * number * number),
            CreatedAt = createdAt,
            UpdatedAt = createdAt,
        };
        db.DevicePairings.Add(pairing);
        AddPermissions(db, pairing, now, number);
        AddHistory(db, pairing, revoked, quarantined);
        if (quarantined)
        {
            db.DeviceStates.Add(new DeviceState { PairingId = pairing.Id, Reason = "Reported lost (sample)", QuarantinedAt = new DateTimeOffset(now.AddDays(-1), TimeSpan.Zero) });
        }

        if (number % 5 != 3)
        {
            db.Devices.Add(new SyncDevice
            {
                Id = Ids.New(),
                UserId = user.Id,
                DeviceId = pairing.DeviceId,
                Platform = model.Platform,
                OsVersion = model.Os,
                AppVersion = model.App,
                PushToken = number % 3 == 0 ? null : "sample-push-token",
                LastSeenAt = pairing.LastSeenAt,
                CreatedAt = createdAt,
                UpdatedAt = pairing.LastSeenAt,
            });
        }
    }

    private static void AddPermissions(DeviceDbContext db, DevicePairing pairing, DateTime now, int number)
    {
        foreach (var scope in Enum.GetValues<PermissionScope>().Where(s => s != PermissionScope.FullAccess && ((int)s + number) % 3 != 0))
        {
            db.DevicePermissions.Add(new DevicePermission
            {
                Id = Ids.New(),
                DevicePairingId = pairing.Id,
                Permission = scope,
                GrantedAt = pairing.CreatedAt,
                CreatedAt = pairing.CreatedAt,
                UpdatedAt = pairing.CreatedAt,
                ExpiresAt = ((int)scope + number) % 7 == 1 ? now.AddDays(5) : null,
            });
        }
    }

    private static void AddHistory(DeviceDbContext db, DevicePairing pairing, bool revoked, bool quarantined)
    {
        void Add(string kind, int days, string? reason) => db.DeviceEvents.Add(new DeviceEvent
        {
            Kind = kind,
            At = new DateTimeOffset(pairing.CreatedAt.AddDays(days), TimeSpan.Zero),
            UserId = pairing.UserId,
            PairingId = pairing.Id,
            DeviceId = pairing.DeviceId,
            ActorId = "portal",
            ActorName = "Sample data",
            Reason = reason,
        });

        Add(DeviceEventKind.Paired, 0, null);
        if (revoked)
        {
            Add(DeviceEventKind.Revoked, 10, "Returned to the pool (sample)");
        }

        if (quarantined)
        {
            Add(DeviceEventKind.Quarantined, 20, "Reported lost (sample)");
        }
    }

    private static void AddTasks(DeviceDbContext db, AppUser user, DateTime now, int person)
    {
        for (var i = 0; i < 3 + person; i++)
        {
            var task = new TaskItem
            {
                Id = Ids.New(),
                UserId = user.Id,
                Title = $"Sample task {i + 1}",
                Status = i % 3 == 0 ? "done" : "open",
                CreatedAt = now.AddDays(-i),
                UpdatedAt = now.AddDays(-i),
                ClientId = i % 2 == 0 ? $"{user.Id}-{i}" : null,
            };
            db.Tasks.Add(task);
            db.FocusSessions.Add(new FocusSession
            {
                Id = Ids.New(),
                UserId = user.Id,
                TaskId = task.Id,
                StartedAt = now.AddDays(-i),
                EndedAt = now.AddDays(-i).AddMinutes(25),
                DurationSeconds = 1500,
                CreatedAt = now.AddDays(-i),
                UpdatedAt = now.AddDays(-i),
            });
        }
    }
}
