using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Devices;

/// <summary><c>portal devices …</c>: finds devices of the primary target, and does what the page of a device does.</summary>
internal static class DeviceCommands
{
    private const int Most = 200;

    public static Command Build() => new("devices", "Paired devices of the primary target.")
    {
        Find(),
        Act("quarantine", "Quarantines a device at once, until it is released.", needsReason: true, (acts, id, reason, token) => acts.QuarantineAsync(Actor.CommandLine, id, reason!, token)),
        Act("release", "Gives a quarantined device back as it was.", needsReason: false, (acts, id, reason, token) => acts.ReleaseAsync(Actor.CommandLine, id, reason, token)),
        Act("revoke", "Ends a device's pairing for good: it has to be paired again.", needsReason: false, (acts, id, reason, token) => acts.RevokeAsync(Actor.CommandLine, id, reason, token)),
    };

    private static Command Find()
    {
        var search = new Option<string?>("--search") { Description = "Words, each in the person, the device's name, kind, id or address.", HelpName = "TEXT" };
        var user = new Option<string?>("--user") { Description = "Words in the name or e-mail address of the device's person.", HelpName = "TEXT" };
        var state = new Option<DeviceStanding?>("--state") { Description = "Only devices in this state." };
        var limit = new Option<int>("--limit") { Description = $"How many at most, 1 to {Most}; those seen last come first.", DefaultValueFactory = _ => 50, HelpName = "N" };
        limit.Check(number => number is < 1 or > Most ? $"--limit is a number from 1 to {Most}." : null);
        return OperationCommand.Create("find", "Devices by words, person and state.", [search, user, state, limit], async (services, parsed, token) =>
        {
            var filter = new DeviceFilter(parsed.GetValue(search), parsed.GetValue(state), User: parsed.GetValue(user));
            var page = await services.Get<DeviceList>().ListAsync(Actor.CommandLine, new DeviceQuery(filter, Limit: parsed.GetValue(limit)), token);
            return ThingsAnswer.Listed("devices", page.Rows, Reported, [
                ("Device id", d => d.DeviceId), ("Name", d => d.Title), ("Person", d => d.UserEmail), ("State", d => $"{d.Status}"), ("Last seen (UTC)", d => ThingsAnswer.Time(new DateTimeOffset(d.LastSeenAt, TimeSpan.Zero))),
                ("Expires (UTC)", d => ThingsAnswer.Time(new DateTimeOffset(d.ExpiresAt, TimeSpan.Zero)))]);
        });
    }

    private static Command Act(string name, string description, bool needsReason, Func<DeviceActs, string, string?, CancellationToken, Task<DeviceActOutcome>> act)
    {
        var device = new Option<string>("--device") { Description = "The device id, as 'portal devices find' shows it.", Required = true, HelpName = "ID" };
        var reason = new Option<string?>("--reason") { Description = "Why; goes on record.", Required = needsReason, HelpName = "TEXT" };
        return OperationCommand.Create(name, description, [device, reason], async (services, parsed, token) =>
        {
            var deviceId = parsed.GetRequiredValue(device);
            var id = await services.Get<PairedDevices>().PairingIdAsync(deviceId, token) ?? throw new CommandFailedException($"There is no device '{deviceId}'. 'portal devices find' shows those that there are.");
            return await act(services.Get<DeviceActs>(), id, parsed.GetValue(reason), token) switch
            {
                DeviceActOutcome.Done => ThingsAnswer.Done($"{deviceId}: done."),
                DeviceActOutcome.AlreadyEnded ended => ThingsAnswer.Done($"{deviceId}: revoked already, {ThingsAnswer.Time(ended.At)} UTC."),
                DeviceActOutcome.AlreadyQuarantined quarantined => ThingsAnswer.Done($"{deviceId}: quarantined already, {ThingsAnswer.Time(quarantined.At)} UTC: {quarantined.Reason}"),
                DeviceActOutcome.NotQuarantined => ThingsAnswer.Refused($"{deviceId} is not quarantined."),
                DeviceActOutcome.ReleasedExpired => ThingsAnswer.Done($"{deviceId}: released; it expired meanwhile, so it has to be paired again."),
                DeviceActOutcome.Invalid invalid => ThingsAnswer.Refused(invalid.Message),
                _ => throw new CommandFailedException($"There is no device '{deviceId}' any more."),
            };
        });
    }

    private static object Reported(DeviceRow device) =>
        new { device.Id, device.DeviceId, device.Type, Name = device.Title, device.UserId, device.UserEmail, State = device.Status, device.LastSeenAt, device.PairedAt, device.ExpiresAt, device.Platform, device.AppVersion };
}
