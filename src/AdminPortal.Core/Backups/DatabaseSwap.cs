using AdminPortal.Core.Runs;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>
/// Puts a restored database in a target's place by changing two names in one transaction. The target is closed meanwhile, and
/// what was revoked in it since the backup is ended in the restored one before that opens.
/// </summary>
internal sealed class DatabaseSwap(TargetAccess access, KnownTargets known, TargetReloads reloads)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>True when an earlier attempt of the run had changed the names before it was killed.</summary>
    public static async Task<bool> IsThroughAsync(TargetServer server, string name, RunContext run, CancellationToken cancellationToken) =>
        await MarkedAsync(server, Placed(run), cancellationToken) == name || await MarkedAsync(server, Replaced(run), cancellationToken) is not null;

    /// <param name="database">The restored one.</param>
    /// <param name="name">Of the target's database.</param>
    /// <param name="old">What the database in the target's place is called from now on.</param>
    public async Task SwapAsync(TargetServer server, BackupRow backup, string database, string name, string old, RunContext run, CancellationToken cancellationToken)
    {
        if (!await server.ExistsAsync(name, cancellationToken))
        {
            await RenameAsync(server, database, name, old: null, run);
            return;
        }

        var owner = access.Owner(backup.Target);
        await using var live = new NpgsqlConnection(owner.ConnectionString);
        await live.OpenAsync(cancellationToken);
        if (!await known.IsKnownAsync(backup.Target, await TargetIdentity.ReadAsync(live, cancellationToken), cancellationToken))
        {
            throw new RunFailedException($"The database that answers for {backup.Target} is not the one that the portal knows under this name. Accept it first, or correct the connection string; nothing was changed.");
        }

        var limit = await ConnectionLimitAsync(server, name, cancellationToken);
        try
        {
            await CloseAsync(server, live, name, run, cancellationToken);
            await using (var restored = new NpgsqlConnection(TargetServer.On(owner, database).ConnectionString))
            {
                await restored.OpenAsync(cancellationToken);
                await RevocationReplay.RunAsync(live, restored, run, cancellationToken);
                await SyncEpoch.RenewAsync(restored, await SyncEpoch.HighestAsync(live, cancellationToken), cancellationToken);
            }

            await live.CloseAsync();
            await server.ExecuteAsync($"ALTER DATABASE {TargetServer.Quote(database)} CONNECTION LIMIT {limit}", CancellationToken.None);
            await WaitUntilLeftAsync(server, name, except: 0, CancellationToken.None);
            await WaitUntilLeftAsync(server, database, except: 0, CancellationToken.None);
            await RenameAsync(server, database, name, old, run);
        }
        finally
        {
            await OpenAsync(owner, name, old, limit, run);
        }
    }

    /// <summary>Opens a target that an attempt of a run closed before it was killed; one with a limit of its own is left alone.</summary>
    public static async Task OpenAsync(TargetServer server, string name, CancellationToken cancellationToken)
    {
        if (await server.ScalarAsync("SELECT 1 FROM pg_database WHERE datname = $1 AND datconnlimit = 0", [name], cancellationToken) is not null)
        {
            await server.ExecuteAsync($"ALTER DATABASE {TargetServer.Quote(name)} CONNECTION LIMIT -1", cancellationToken);
        }
    }

    /// <summary>What comes after the change of names; may be repeated.</summary>
    public async Task FinishAsync(TargetServer server, string target, bool dropsOld, RunContext run, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin($"Open {target} again");
        await reloads.TellAsync(target, cancellationToken);
        var old = await MarkedAsync(server, Replaced(run), cancellationToken);
        var slots = old is null ? [] : await RestoreNeighbours.SlotsAsync(server.Connection, old, cancellationToken);
        if (old is null)
        {
            await UnmarkAsync(server, run, cancellationToken);
            step.Done();
        }
        else if (dropsOld)
        {
            await UnmarkAsync(server, run, cancellationToken); // the old one's mark says until the end that the names were changed
            await server.DropAsync(old, cancellationToken);
            step.Done($"The database before it was dropped, as asked for ({old}{(slots.Count > 0 ? ", with its replication slots" : "")})");
        }
        else
        {
            await server.ExecuteAsync($"ALTER DATABASE {TargetServer.Quote(old)} SET default_transaction_read_only = on", cancellationToken);
            await UnmarkAsync(server, run, cancellationToken);
            step.Done(string.Join(". ", [$"The database before it is kept as {old}, for reading; drop it when nobody needs it: DROP DATABASE {TargetServer.Quote(old)};", .. slots]));
        }
    }

    /// <summary>The old database, under whichever name it has now. Over a connection of its own: the other one may be what was lost.</summary>
    private static async Task OpenAsync(NpgsqlConnectionStringBuilder owner, string name, string old, int limit, RunContext run)
    {
        try
        {
            await using var server = await TargetServer.OpenAsync(owner, CancellationToken.None);
            var closed = await IsThroughAsync(server, name, run, CancellationToken.None) ? old : name;
            await server.ExecuteAsync($"ALTER DATABASE {TargetServer.Quote(closed)} CONNECTION LIMIT {limit}", CancellationToken.None);
        }
        catch (NpgsqlException exception)
        {
            throw new InvalidOperationException($"{name} could not be opened again.", exception); // an outage: the run is taken up again, and opens it first
        }
    }

    /// <summary>The database whose comment begins with a mark; what follows it in the next line is the comment that was there.</summary>
    private static async Task<string?> MarkedAsync(TargetServer server, string mark, CancellationToken cancellationToken) =>
        await server.ScalarAsync("SELECT datname::text FROM pg_database WHERE split_part(shobj_description(oid, 'pg_database'), E'\n', 1) = $1", [mark], cancellationToken) as string;

    /// <summary>Leaves the comment that the database had before.</summary>
    private static async Task UnmarkAsync(TargetServer server, RunContext run, CancellationToken cancellationToken)
    {
        if (await MarkedAsync(server, Placed(run), cancellationToken) is { } name)
        {
            var comment = (await CommentAsync(server, name, cancellationToken))!.Split('\n', 2).ElementAtOrDefault(1);
            await server.ExecuteAsync($"COMMENT ON DATABASE {TargetServer.Quote(name)} IS {(comment is null ? "NULL" : TargetServer.Literal(comment))}", cancellationToken);
        }
    }

    private static async Task<string?> CommentAsync(TargetServer server, string database, CancellationToken cancellationToken) =>
        await server.ScalarAsync("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", [database], cancellationToken) as string;

    private static string Placed(RunContext run) => $"Restored by AdminPortal, run {run.Id}";

    private static string Replaced(RunContext run) => $"Replaced by AdminPortal, run {run.Id}";

    /// <summary>0 is what an attempt that was killed left behind.</summary>
    private static async Task<int> ConnectionLimitAsync(TargetServer server, string name, CancellationToken cancellationToken) =>
        await server.ScalarAsync("SELECT datconnlimit FROM pg_database WHERE datname = $1", [name], cancellationToken) is int limit and not 0 ? limit : -1;

    /// <summary>By its connection limit rather than by forbidding connections: that is an outage to everyone, and no strange error.</summary>
    private static async Task CloseAsync(TargetServer server, NpgsqlConnection live, string name, RunContext run, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin($"Close {name}");
        await server.ExecuteAsync($"ALTER DATABASE {TargetServer.Quote(name)} CONNECTION LIMIT 0", cancellationToken);
        await WaitUntilLeftAsync(server, name, live.ProcessID, cancellationToken);
        step.Done("No session is left; whoever connects is refused for the moment");
    }

    /// <summary>Ends sessions until there is none.</summary>
    private static async Task WaitUntilLeftAsync(TargetServer server, string name, int except, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            while (await server.ScalarAsync(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND pid <> $2", [name, except], patience.Token) is not 0L)
            {
                await server.ScalarAsync("SELECT pg_sleep(0.02)", [], patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RunFailedException($"Sessions in {name} come again and again, such as a superuser's. Find them in pg_stat_activity and end them; the target is open as before.");
        }
    }

    /// <summary>The comments tell a later attempt, and people, what happened.</summary>
    private static async Task RenameAsync(TargetServer server, string database, string name, string? old, RunContext run)
    {
        var (from, to) = (TargetServer.Quote(database), TargetServer.Quote(name));
        var aside = old is null
            ? ""
            : $"ALTER DATABASE {to} RENAME TO {TargetServer.Quote(old)}; COMMENT ON DATABASE {TargetServer.Quote(old)} IS {await MarkAsync(Replaced(run), name)}; ";
        var placed = await MarkAsync(Placed(run), database);
        using var step = run.Journal.Begin($"Put the restored database in the place of {name}");
        await server.ExecuteAsync($"BEGIN; {aside}ALTER DATABASE {from} RENAME TO {to}; COMMENT ON DATABASE {to} IS {placed}; COMMIT", CancellationToken.None);
        step.Done(old is null ? "There was no database of this name: nothing could be revoked again" : $"The one before it is called {old}");

        async Task<string> MarkAsync(string mark, string of) =>
            TargetServer.Literal(await CommentAsync(server, of, CancellationToken.None) is { } comment ? $"{mark}\n{comment}" : mark);
    }
}
