using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Permissions;
using Npgsql;

namespace AdminPortal.Core.Tests.Permissions;

/// <summary>Replacing what a device may do.</summary>
public sealed class PermissionActsTests(PairingDatabases databases) : PairingTest(databases)
{
    private static readonly DateTimeOffset Later = new(2099, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task ReplaceAsync_SomeStay_TheyKeepTheirTimeAndTheOthersAreWritten()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner, null, PermissionScope.WriteNotes, PermissionScope.ViewTranscript);
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "grantedAt" = '2026-01-01' WHERE "devicePairingId" = $1""", phone.PairingId);

        var outcome = await World.Permissions.ReplaceAsync(owner, phone.PairingId, [new(PermissionScope.WriteNotes), new(PermissionScope.ControlRecording, Later)], Token);

        Assert.IsType<PermissionOutcome.Done>(outcome);
        Assert.Equal(["CONTROL_RECORDING new until 2099-01-02 03:04:05", "WRITE_NOTES old until ever"], await RowsAsync(phone));
        Assert.Equal(["CONTROL_RECORDING until 2099-01-02 03:04 UTC", "VIEW_TRANSCRIPT"], await DetailsAsync(phone));
    }

    [Fact]
    public async Task ReplaceAsync_OtherExpiry_GrantsAgain()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "grantedAt" = '2026-01-01' WHERE "devicePairingId" = $1""", phone.PairingId);

        await World.Permissions.ReplaceAsync(owner, phone.PairingId, [new(PermissionScope.WriteNotes, Later)], Token);

        Assert.Equal(["WRITE_NOTES new until 2099-01-02 03:04:05"], await RowsAsync(phone));
    }

    [Fact]
    public async Task ReplaceAsync_SameAgain_WritesNothing()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        ScopeGrant[] grants = [new(PermissionScope.WriteNotes, Later.AddTicks(12_345)), new(PermissionScope.ViewTranscript)];
        await World.Permissions.ReplaceAsync(owner, phone.PairingId, grants, Token);
        var before = await World.EventsAsync(owner);

        Assert.IsType<PermissionOutcome.Done>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, grants, Token));

        Assert.Equal(before, await World.EventsAsync(owner));
    }

    [Fact]
    public async Task ReplaceAsync_Nothing_TakesAll()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);

        Assert.IsType<PermissionOutcome.Done>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, [], Token));

        Assert.Empty(await RowsAsync(phone));
        Assert.Equal(DeviceEventKind.PermissionRemoved, (await World.EventsAsync(owner))[^1]);
    }

    [Theory]
    [InlineData("owner", typeof(PermissionOutcome.Done))]
    [InlineData("admin", typeof(PermissionOutcome.Done))]
    [InlineData("support", typeof(PermissionOutcome.NotAllowed))]
    [InlineData("stranger", typeof(PermissionOutcome.NotFound))]
    [InlineData("device", typeof(PermissionOutcome.NotFound))]
    [InlineData("device with its user", typeof(PermissionOutcome.NotFound))]
    public async Task ReplaceAsync_ByWhom_DecidesTheOutcome(string who, Type expected)
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        var actor = who switch
        {
            "owner" => owner,
            "admin" => await World.NewPersonAsync(AccountRole.Admin),
            "support" => await World.NewPersonAsync(AccountRole.Support),
            "device" => new Actor($"device:{phone.PairingId}", null, null, null, null),
            "device with its user" => new Actor($"device:{phone.PairingId}", null, null, owner.UserId, null),
            _ => await World.NewPersonAsync(),
        };

        Assert.IsType(expected, await World.Permissions.ReplaceAsync(actor, phone.PairingId, [], Token));
        Assert.Equal(expected == typeof(PermissionOutcome.Done) ? 0 : 1, (await RowsAsync(phone)).Count);
    }

    [Fact]
    public async Task ReplaceAsync_FullAccess_OnlyByAnAdminAndKeptByTheOwner()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        ScopeGrant full = new(PermissionScope.FullAccess);

        Assert.IsType<PermissionOutcome.NotAllowed>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, [full], Token));
        Assert.IsType<PermissionOutcome.Done>(await World.Permissions.ReplaceAsync(await World.NewPersonAsync(AccountRole.Admin), phone.PairingId, [full], Token));

        Assert.IsType<PermissionOutcome.Done>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, [full, new(PermissionScope.WriteNotes)], Token));
        Assert.IsType<PermissionOutcome.NotAllowed>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, [full with { ExpiresAt = Later }], Token));
    }

    [Fact]
    public async Task ReplaceAsync_TwiceOrPastOrUnknown_IsInvalid()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        ScopeGrant notes = new(PermissionScope.WriteNotes);
        ScopeGrant[][] malformed = [[notes, notes with { ExpiresAt = Later }], [notes with { ExpiresAt = Later.AddYears(-90) }], [new((PermissionScope)8)]];

        foreach (var grants in malformed)
            Assert.IsType<PermissionOutcome.Invalid>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, grants, Token));
    }

    [Theory, InlineData("revoked"), InlineData("expired"), InlineData("quarantined")]
    public async Task ReplaceAsync_EndedPairing_IsNotActive(string how)
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        if (how == "revoked")
            Assert.IsType<DeviceActOutcome.Done>(await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token));
        else if (how == "expired")
            await World.ExecuteAsync("""UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' - interval '1 second' WHERE id = $1""", phone.PairingId);
        else
            await World.QuarantineAsync(phone.PairingId);

        Assert.IsType<PermissionOutcome.NotActive>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, [], Token));
    }

    [Fact]
    public async Task ReplaceAsync_UnknownPairing_IsNotFound()
    {
        Assert.IsType<PermissionOutcome.NotFound>(await World.Permissions.ReplaceAsync(await World.NewPersonAsync(AccountRole.Admin), "nothing", [], Token));
    }

    [Fact]
    public async Task ReplaceAsync_TenAtOnce_AllEndWithOneOfTheAskedSets()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        ScopeGrant[][] sets = [[new(PermissionScope.ViewTranscript), new(PermissionScope.EditSoapNotes)], [new(PermissionScope.ViewTranscript), new(PermissionScope.ViewMedications)]];

        var outcomes = await AtOnceAsync(10, i => World.Permissions.ReplaceAsync(owner, phone.PairingId, sets[i % 2], Token));

        Assert.All(outcomes, o => Assert.IsType<PermissionOutcome.Done>(o));
        var rows = await RowsAsync(phone);
        Assert.Equal(2, rows.Count);
        Assert.StartsWith("VIEW_TRANSCRIPT", rows[1], StringComparison.Ordinal);
    }

    private Task<List<string>> RowsAsync(PairedPhone phone) => ListAsync(
        """
        SELECT permission || CASE WHEN "grantedAt" = '2026-01-01' THEN ' old' ELSE ' new' END || ' until ' || coalesce(to_char("expiresAt", 'YYYY-MM-DD HH24:MI:SS'), 'ever')
        FROM public.device_permissions WHERE "devicePairingId" = $1 ORDER BY permission::text
        """, phone);

    private Task<List<string>> DetailsAsync(PairedPhone phone) =>
        ListAsync("""SELECT detail FROM portal.device_events WHERE "pairingId" = $1 AND kind LIKE 'permission-%' ORDER BY detail""", phone);

    private async Task<List<string>> ListAsync(string sql, PairedPhone phone)
    {
        await using var command = World.Databases.PrimaryDataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = phone.PairingId });
        await using var reader = await command.ExecuteReaderAsync(Token);
        List<string> rows = [];
        while (await reader.ReadAsync(Token))
            rows.Add(reader.GetString(0));
        return rows;
    }
}
