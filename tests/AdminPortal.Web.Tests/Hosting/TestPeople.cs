using System.Security.Cryptography;
using System.Text;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>People and devices of one running portal, put into its databases directly where a test is about something else.</summary>
internal static class TestPeople
{
    private static int _count;

    /// <summary>A person of the primary target and nothing else; returns the id.</summary>
    public static async Task<string> AddPersonAsync(this RunningPortal portal, string? name = null)
    {
        var number = Interlocked.Increment(ref _count);
        await using var db = portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        var person = new AppUser { Id = $"person-{number}", Email = $"person-{number}@example.org", Name = name, UpdatedAt = DateTime.UnixEpoch };
        db.Users.Add(person);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return person.Id;
    }

    /// <summary>An account with the usual password for a person; returns its e-mail address.</summary>
    public static async Task<string> AddAccountAsync(this RunningPortal portal, AccountRole role, string? personId)
    {
        var email = $"account-{Interlocked.Increment(ref _count)}@example.org";
        var outcome = await portal.Services.GetRequiredService<AccountService>().CreateAsync(
            new CreateAccount(email, role, RunningPortal.Password, personId), Actor.CommandLine, TestContext.Current.CancellationToken);
        Assert.IsType<AccountOutcome.Done>(outcome);
        return email;
    }

    /// <summary>A pairing as its row would stand; returns its token.</summary>
    public static async Task<string> AddDeviceAsync(
        this RunningPortal portal, string personId, string deviceId, Action<DevicePairing>? change = null, bool quarantined = false)
    {
        var token = $"dvc_{deviceId}-{Interlocked.Increment(ref _count)}";
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var pairing = new DevicePairing
        {
            Id = Ids.New(),
            UserId = personId,
            DeviceId = deviceId,
            DeviceType = DeviceType.MobileIos,
            DeviceName = $"Phone {deviceId}",
            SessionToken = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))),
            ExpiresAt = now.AddDays(30),
            LastSeenAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        change?.Invoke(pairing);
        await using var db = portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        db.DevicePairings.Add(pairing);
        if (quarantined)
        {
            pairing.IsActive = false;
            pairing.State = new DeviceState { PairingId = pairing.Id, Reason = "test" };
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return token;
    }
}
