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
            var plan = await scratch.PlanAsync(backup, cancellationToken);
            await CheckKeepingAsync(server, plan, name, order, run, cancellationToken);
            var database = ScratchDatabases.NewName(run.Id);
            try
            {
                await PrepareAsync(server, plan, backup, order, database, run, cancellationToken);
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

    /// <summary>What is known before anything is made: what a restore in the target's place could not keep.</summary>
    private static async Task CheckKeepingAsync(TargetServer server, RestorePlan plan, string name, RestoreOrder order, RunContext run, CancellationToken cancellationToken)
    {
        if (order.Into is not null)
        {
            return;
        }

        using var step = run.Journal.Begin("Look at what must stay as it is");
        await RestoreNeighbours.CheckAsync(server, name, cancellationToken);
        Refuse(plan.Losses, order, step);
        var slots = await RestoreNeighbours.SlotsAsync(server.Connection, name, cancellationToken);
        step.Done(string.Join(". ", [plan.Losses.Count == 0 ? "Owners and grants can be kept" : $"Lost, as accepted: {string.Join("; ", plan.Losses)}", .. slots]));
    }

    private static void Refuse(IReadOnlyList<string> losses, RestoreOrder order, RunStepProgress step)
    {
        if (order.Into is not null || order.AcceptsLosses || losses.Count == 0)
        {
            return;
        }

        var words = $"A restore in the target's place would lose {string.Join("; ", losses.Take(20))}{(losses.Count > 20 ? $" and {losses.Count - 20} more" : "")}.";
        step.Failed(words);
        throw new RunFailedException($"{words} Nothing was changed. Give the owner's role what it lacks (a membership, or for this restore SUPERUSER), or accept the loss (--accept-losses).");
    }

    private async Task PrepareAsync(
        TargetServer server, RestorePlan plan, BackupRow backup, RestoreOrder order, string database, RunContext run, CancellationToken cancellationToken)
    {
        var target = access.Owner(backup.Target).Database!;
        var restored = TargetServer.On(access.Owner(backup.Target), database);
        using (var step = run.Journal.Begin($"Restore it into the scratch database {database}"))
        {
            await server.CreateAsync(database, target, cancellationToken);
            await scratch.RestoreAsync(plan, backup, database, run, step, percent => run.Report(percent * 8 / 10, 0, 100), cancellationToken);
            step.Done("Restored without an error");
        }

        using (var step = run.Journal.Begin("Compare the rows of every table"))
        {
            step.Done(ScratchDatabases.Compare(backup, await scratch.CountAsync(backup.Target, database, cancellationToken)));
        }

        using (var step = run.Journal.Begin("Give everything to the roles that owned it, with their grants"))
        {
            await using var connection = new NpgsqlConnection(restored.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await RestoredRights.ApplyAsync(connection, plan, run.Journal, cancellationToken);
            var lost = await DatabaseSettings.CopyAsync(server, connection, target, database, run.Journal, cancellationToken);
            IReadOnlyList<string> losses = [.. await RestoredRights.LossesAsync(plan, restored, cancellationToken), .. lost];
            Refuse(losses, order, step);
            await RuntimeGrants.ApplyAsync(connection, access.RuntimeRole(backup.Target), cancellationToken);
            step.Done(losses.Count == 0 ? "As they were" : $"Not kept: {string.Join("; ", losses)}");
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
