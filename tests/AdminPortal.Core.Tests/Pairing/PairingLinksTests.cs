using System.Buffers.Text;
using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Mail;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Notices;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Permissions;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>Links by which support helps a user to pair a device: what they allow, that they work once, and that they are on record.</summary>
public sealed class PairingLinksTests(PairingDatabases databases) : PairingTest(databases)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private SmtpMail smtp = NoticesTest.Smtp(port: null);

    [Fact]
    public async Task Link_OfSupport_PairsOneDeviceOnce_AfterTheUsersNumber()
    {
        var (support, user) = (await World.NewPersonAsync(AccountRole.Support), await World.NewPersonAsync());
        var link = await MadeAsync(support, user, PermissionScope.ReadPatientData);

        var claim = await World.ClaimedAsync(Opened(link));
        Assert.IsType<ConfirmOutcome.NotFound>(await World.ConfirmAsync(support, claim)); // only the user can
        Assert.IsType<ConfirmOutcome.Done>(await World.ConfirmAsync(user, claim));
        var device = await World.CollectedAsync(claim);

        Assert.Equal([PermissionScope.ReadPatientData], device.Permissions.Select(p => p.Scope));
        Assert.IsNotType<ClaimOutcome.PendingConfirmation>(await World.ClaimAsync(Opened(link)));
        await using var db = await World.Accounts.CreateDbContextAsync(Token);
        Assert.Equal(["pairing-link.made"], await db.AuditEvents.Where(e => e.Subject == user.UserId).Select(e => e.Action).ToListAsync(Token));
    }

    [Fact]
    public async Task Link_Expired_PairsNothing()
    {
        var user = await World.NewPersonAsync();
        var link = await MadeAsync(await World.NewPersonAsync(AccountRole.Admin), user, PermissionScope.WriteNotes);
        Assert.InRange((link.ExpiresAt - TimeProvider.System.GetUtcNow()).TotalHours, 23, 25);

        await World.ExpireAsync(Opened(link).SessionId!);

        Assert.IsType<ClaimOutcome.CodeExpired>(await World.ClaimAsync(Opened(link)));
    }

    [Fact]
    public async Task Link_ByAUser_IsNotAllowed()
    {
        var user = await World.NewPersonAsync();

        Assert.IsType<PairingLinkOutcome.NotAllowed>(await Links().CreateAsync(user, user.UserId!, [PermissionScope.WriteNotes], Token));
        Assert.IsType<PairingLinkOutcome.NotFound>(await Links().CreateAsync(await World.NewPersonAsync(AccountRole.Support), "nobody", [PermissionScope.WriteNotes], Token));
    }

    [Theory]
    [InlineData(AccountRole.Support)]
    [InlineData(AccountRole.Admin)]
    public async Task Link_ForWhatOnlyAnAdministratorGrants_IsRefused(AccountRole role)
    {
        var (maker, user) = (await World.NewPersonAsync(role), await World.NewPersonAsync());

        Assert.IsType<PairingLinkOutcome.Invalid>(await Links().CreateAsync(maker, user.UserId!, [PermissionScope.FullAccess], Token));
        Assert.IsType<PairingLinkOutcome.Invalid>(await Links().CreateAsync(maker, user.UserId!, [], Token));
        Assert.DoesNotContain(PermissionScope.FullAccess, (await Links().ChoiceAsync(user.UserId!, Token)).Offered);
    }

    [Fact]
    public async Task Link_WithAMailServer_IsMailed_AndHandedOverWhereThatFails()
    {
        var (support, user) = (await World.NewPersonAsync(AccountRole.Support), await World.NewPersonAsync());
        await using var server = new SmtpListener();
        smtp = NoticesTest.Smtp(server.Port);

        var link = await MadeAsync(support, user, PermissionScope.WriteNotes);
        var mail = await server.ReceivedAsync(Token);
        Assert.Equal(link.MailedTo, mail.Recipient);
        Assert.Contains(link.Url, mail.Message.TextBody, StringComparison.Ordinal);

        server.Refusal = "550 no such mailbox";
        Assert.True(await MadeAsync(support, user, PermissionScope.WriteNotes) is { MailFailed: true, MailedTo: null });
    }

    private async Task<PairingLink> MadeAsync(Actor maker, Actor user, params PermissionScope[] scopes) =>
        Assert.IsType<PairingLinkOutcome.Made>(await Links().CreateAsync(maker, user.UserId!, scopes, Token)).Link;

    private PairingLinks Links() => new(
        World.Databases, new FixedShortCodeKey(), World.Limits, World.Codes, smtp, new AuditLog(World.Accounts), Options.Create(new PairingOptions()),
        Options.Create(new PortalOptions { PublicUrl = "https://portal.example.org/" }), NullLogger<PairingLinks>.Instance);

    /// <summary>What a device sends that opened the link.</summary>
    private static ClaimRequest Opened(PairingLink link)
    {
        var payload = JsonSerializer.Deserialize<QrPayload>(Base64Url.DecodeFromChars(link.Url.AsSpan(link.Url.IndexOf('#', StringComparison.Ordinal) + 1)), Json)!;
        return PairingWorld.Scan(new PairingCode(payload.SessionId, link.Url, payload, "", link.ExpiresAt, ""));
    }
}
