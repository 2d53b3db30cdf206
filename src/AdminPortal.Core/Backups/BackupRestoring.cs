using System.Globalization;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>
/// Restores a backup: always into a scratch database first, which gets the wanted name only once it is whole and its rows are
/// those of the backup. Killed in the middle it starts afresh; killed after the change of names it only finishes.
/// </summary>
internal sealed class BackupRestoring(TargetAccess access, BackupFiles files, ScratchDatabases scratch, DatabaseSwap swap, TimeProvider time)
{
    public async Task RestoreAsync(BackupRow backup, RestoreOrder order, RunContext run, CancellationToken cancellationToken)
    {
        run.Report(0, 0, 100);
        var owner = access.Owner(backup.Target);
        var name = order.Into ?? owner.Database!;
        await using var server = await TargetServer.OpenAsync(owner, cancellationToken);
        await ScratchDatabases.DropOfRunAsync(server, run.Id, cancellationToken);
        if (!await DatabaseSwap.IsThroughAsync(server, name, run, cancellationToken))
        {
            await server.CheckMayCreateAsync(cancellationToken);
            await CheckPlaceAsync(server, name, order, cancellationToken);
            await files.CheckAsync(backup, run, cancellationToken);
            var database = ScratchDatabases.NewName(run.Id);
            try
            {
                await PrepareAsync(server, backup, database, run, cancellationToken);
                if (run.StopsHere())
                {
                    return;
                }

                await PlaceAsync(server, backup, order, database, name, run, cancellationToken);
            }
            finally
            {
                await server.DropAsync(database, CancellationToken.None); // has another name by now if all went well
            }
        }

        if (order.Into is null)
        {
            await swap.FinishAsync(server, backup.Target, order.DropsOld, run, CancellationToken.None);
        }

        run.Report(100, 0, 100);
    }

    private static async Task CheckPlaceAsync(TargetServer server, string name, RestoreOrder order, CancellationToken cancellationToken)
    {
        if (order.Into is null)
        {
            await DatabaseSwap.OpenAsync(server, name, cancellationToken);
            await server.CheckMayTerminateAsync(name, cancellationToken);
        }
        else if (await server.ExistsAsync(name, cancellationToken))
        {
            throw new RunFailedException($"The server has a database {name} already. Choose another name; nothing was changed.");
        }
    }

    private async Task PrepareAsync(TargetServer server, BackupRow backup, string database, RunContext run, CancellationToken cancellationToken)
    {
        var target = access.Owner(backup.Target).Database!;
        using (var step = run.Journal.Begin($"Restore it into the scratch database {database}"))
        {
            await server.CreateAsync(database, target, cancellationToken);
            await scratch.RestoreAsync(backup, database, privileges: true, run, step, percent => run.Report(percent * 8 / 10, 0, 100), cancellationToken);
            await DatabaseSettings.CopyAsync(server, TargetServer.On(access.Owner(backup.Target), database), target, database, run.Journal, cancellationToken);
            step.Done("Restored without an error");
        }

        using (var step = run.Journal.Begin("Compare the rows of every table"))
        {
            step.Done(ScratchDatabases.Compare(backup, await scratch.CountAsync(backup.Target, database, cancellationToken)));
        }

        using (var step = run.Journal.Begin("Give the portal's role its rights"))
        {
            await using var connection = new NpgsqlConnection(TargetServer.On(access.Owner(backup.Target), database).ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await RuntimeGrants.ApplyAsync(connection, access.RuntimeRole(backup.Target), cancellationToken);
            step.Done(access.RuntimeRole(backup.Target));
        }

        run.Report(85, 0, 100);
    }

    private async Task PlaceAsync(TargetServer server, BackupRow backup, RestoreOrder order, string database, string name, RunContext run, CancellationToken cancellationToken)
    {
        if (order.Into is null)
        {
            var old = string.Create(CultureInfo.InvariantCulture, $"{name[..Math.Min(name.Length, 40)]}_before_{time.GetUtcNow():yyyyMMdd_HHmmss}");
            await swap.SwapAsync(server, backup, database, name, old, run, cancellationToken);
            return;
        }

        using var step = run.Journal.Begin($"Call it {name}");
        await server.ExecuteAsync($"ALTER DATABASE {TargetServer.Quote(database)} RENAME TO {TargetServer.Quote(name)}", CancellationToken.None);
        step.Done("Devices that were revoked since the backup are active in it: nothing reaches it through the portal unless a target is pointed at it");
    }
}
