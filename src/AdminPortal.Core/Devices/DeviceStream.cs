using System.Threading.Channels;

namespace AdminPortal.Core.Devices;

/// <summary>
/// One live connection of a device to this portal instance. Whoever serves it sends on what it reads, and closes the
/// connection when the reading ends: then the device's access has ended.
/// </summary>
public sealed class DeviceStream : IDisposable
{
    /// <summary>Said first: from here on nothing that changes is missed.</summary>
    public const string Connected = "connected";

    /// <summary>The device's permissions are other ones now.</summary>
    public const string PermissionsChanged = "permissions-changed";

    private const int Waiting = 16;
    private readonly DeviceStreams owner;
    private readonly Channel<string> channel =
        Channel.CreateBounded<string>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });

    internal DeviceStream(DeviceStreams owner, string pairingId, string hash)
    {
        this.owner = owner;
        PairingId = pairingId;
        Hash = hash;
    }

    /// <summary>Words for the device: <c>connected</c>, then <c>permissions-changed</c>; last of all <c>revoked</c>, <c>quarantined</c> or <c>expired</c>.</summary>
    public ChannelReader<string> Events => channel.Reader;

    internal string PairingId { get; }

    /// <summary>Of the token that opened it.</summary>
    internal string Hash { get; }

    /// <summary>The permissions that were in force when it was last looked at; null until the first look.</summary>
    internal string? Permissions { get; set; }

    public void Dispose() => owner.Remove(this);

    internal void Tell(string word) => channel.Writer.TryWrite(word);

    /// <summary>Says why and ends the reading; true for the first time only.</summary>
    internal bool Cut(string why)
    {
        Tell(why);
        return channel.Writer.TryComplete();
    }
}
