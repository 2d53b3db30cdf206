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

    /// <summary>There is something to pull.</summary>
    public const string Changed = "changed";

    private const int Waiting = 16;
    private readonly DeviceStreams owner;
    private readonly Channel<StreamEvent> channel =
        Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });

    internal DeviceStream(DeviceStreams owner, string pairingId, string hash)
    {
        this.owner = owner;
        PairingId = pairingId;
        Hash = hash;
    }

    /// <summary>For the device: <c>connected</c>, then <c>permissions-changed</c> and <c>changed</c>; last of all <c>revoked</c>, <c>quarantined</c> or <c>expired</c>.</summary>
    public ChannelReader<StreamEvent> Events => channel.Reader;

    internal string PairingId { get; }

    /// <summary>Of the token that opened it.</summary>
    internal string Hash { get; }

    /// <summary>The permissions that were in force when it was last looked at; null until the first look.</summary>
    internal string? Permissions { get; set; }

    public void Dispose() => owner.Remove(this);

    /// <summary>The person's data went on, to this version.</summary>
    public void TellChanged(long head) => channel.Writer.TryWrite(new StreamEvent(Changed, head));

    internal void Tell(string word) => channel.Writer.TryWrite(new StreamEvent(word));

    /// <summary>Says why and ends the reading; true for the first time only.</summary>
    internal bool Cut(string why)
    {
        Tell(why);
        return channel.Writer.TryComplete();
    }
}

/// <summary>What a device hears on its live connection.</summary>
/// <param name="Head">The version that the person's data has reached; null: it is not about that.</param>
public readonly record struct StreamEvent(string Word, long? Head = null);
