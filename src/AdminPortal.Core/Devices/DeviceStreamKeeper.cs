using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Devices;

/// <summary>
/// Cuts live connections whose token has died, on every portal instance within a second of the announcement, and writes
/// into the receipt how many it cut; also that there was none. Announcements are gathered, and one statement serves them
/// all, so that a bulk act costs a few statements and not one per device. Every ten seconds it looks without being asked.
/// </summary>
internal sealed class DeviceStreamKeeper(
    IDbContextFactory<DeviceDbContext> databases, DeviceStreams streams, DeviceChanges changes, TimeProvider time, ILogger<DeviceStreamKeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(10);
    private readonly Lock gate = new();
    private readonly SemaphoreSlim asked = new(0, 1);
    private readonly Dictionary<string, int> cut = [];
    private HashSet<string> concerned = [];
    private bool everything = true;

    public override void Dispose()
    {
        base.Dispose();
        asked.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = changes.Subscribe(Ask);
        streams.Opened = Ask;
        try
        {
            while (true)
            {
                if (!await asked.WaitAsync(Unasked, stoppingToken))
                {
                    AskAll();
                }

                await Task.Delay(Gathering, time, stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        finally
        {
            streams.Opened = null;
        }
    }

    private void Ask(DeviceChange change)
    {
        if (change.PairingId is { } pairingId)
        {
            Ask(pairingId);
        }
        else if (change == DeviceChange.Everything)
        {
            AskAll();
            Wake();
        }
    }

    private void Ask(string pairingId)
    {
        lock (gate)
        {
            concerned.Add(pairingId);
        }

        Wake();
    }

    private void AskAll()
    {
        lock (gate)
        {
            everything = true;
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            if (asked.CurrentCount == 0)
            {
                asked.Release();
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        HashSet<string>? which;
        lock (gate)
        {
            which = everything ? null : concerned;
            concerned = [];
            everything = false;
        }

        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await CutAsync(db, streams.Of(which), cancellationToken);
            await DeviceReceipts.WriteCutsAsync(db, cut, cancellationToken);
            cut.Clear();
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            logger.LogDebug("Live connections are looked at again when the database is back: {Error}", exception.Message);
            AskAll();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "Live connections could not be looked at.");
            AskAll();
        }
    }

    private async Task CutAsync(DeviceDbContext db, IReadOnlyList<DeviceStream> open, CancellationToken cancellationToken)
    {
        if (open.Count == 0)
        {
            return;
        }

        string[] hashes = [.. open.Select(s => s.Hash).Distinct()];
        var tokens = await db.DevicePairings.AsNoTracking().Where(p => hashes.Contains(p.SessionToken)).Select(p => new
        {
            p.SessionToken,
            Ended = p.State != null ? DeviceQuarantines.Word : !p.IsActive ? "revoked" : p.ExpiresAt <= DatabaseClock.UtcNow() ? "expired" : null,
            Permissions = p.Permissions.Where(g => g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow())
                .OrderBy(g => g.Permission).Select(g => new { g.Permission, g.ExpiresAt }).ToList(),
        }).ToDictionaryAsync(p => p.SessionToken, cancellationToken);
        foreach (var stream in open)
        {
            // A token that is no pairing's any more was replaced, or its pairing is gone.
            var token = tokens.GetValueOrDefault(stream.Hash);
            if (token is null || token.Ended is not null)
            {
                if (stream.Cut(token?.Ended ?? "revoked"))
                {
                    cut[stream.Hash] = cut.GetValueOrDefault(stream.Hash) + 1;
                }

                continue;
            }

            var permissions = string.Join(',', token.Permissions.Select(g => $"{g.Permission}@{g.ExpiresAt:O}"));
            if (stream.Permissions != permissions)
            {
                stream.Tell(stream.Permissions is null ? DeviceStream.Connected : DeviceStream.PermissionsChanged);
            }

            stream.Permissions = permissions;
        }
    }
}
