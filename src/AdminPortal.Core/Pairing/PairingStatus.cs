using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Pairing;

namespace AdminPortal.Core.Pairing;

/// <summary>The stages that a user sees; <see cref="Expired"/> is not stored, the database's clock tells it.</summary>
public enum PairingStage
{
    Open,
    Claimed,
    Confirmed,
    Collected,
    Refused,
    Burnt,
    Expired,
}

/// <summary>A session as its user may see it: never the match number, nor any secret.</summary>
/// <param name="EndReason">One of <see cref="PairingEnds"/>, when it ended without a pairing.</param>
public sealed record PairingStatus(
    string SessionId, PairingStage Stage, string? EndReason, ClaimingDevice? Device, string? PairingId, DateTimeOffset ExpiresAt);

/// <summary>What the claiming device said of itself, and where it called from.</summary>
/// <param name="ChosenName">What the user called it when they made the code.</param>
/// <param name="AddressIsUnlike">True when the device called from another network than the user; phones often do.</param>
public sealed record ClaimingDevice(
    string DeviceId, DeviceType DeviceType, string? DeviceName, string? Platform, string? OsVersion, string? AppVersion,
    string? Address, bool AddressIsUnlike, string? ChosenName = null)
{
    /// <summary>The name that the device has once it is paired.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Title => ChosenName ?? Names.Clean(DeviceName) ?? DeviceTypeLabels.Of(DeviceType);
}

internal static class PairingStatusMapping
{
    public static PairingStatus ToStatus(this FoundSession found)
    {
        var session = found.Session;
        var stage = session.State switch
        {
            PairingState.Open or PairingState.Claimed or PairingState.Confirmed when found.Expired => PairingStage.Expired,
            PairingState.Open => PairingStage.Open,
            PairingState.Claimed => PairingStage.Claimed,
            PairingState.Confirmed => PairingStage.Confirmed,
            PairingState.Collected => PairingStage.Collected,
            PairingState.Burnt => PairingStage.Burnt,
            _ => PairingStage.Refused,
        };
        var device = session.DeviceId is null || session.DeviceType is null ? null : new ClaimingDevice(
            session.DeviceId, session.DeviceType.Value, session.DeviceName, session.Platform, session.OsVersion, session.AppVersion,
            session.Address, AddressNetwork.Of(session.Address) != AddressNetwork.Of(session.CreatedAddress), session.ChosenDeviceName);
        return new PairingStatus(session.Id, stage, session.EndReason, device, session.PairingId, session.ExpiresAt);
    }
}
