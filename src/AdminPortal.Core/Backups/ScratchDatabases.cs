using System.Security.Cryptography;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>
/// Restores backups into databases that nobody uses. Their names carry the run that made them, so that whatever a dead run
/// left behind is found and dropped, and nobody else's.
/// </summary>
internal sealed class ScratchDatabases(
    TargetAccess access, PostgresTools tools, BackupFolder folder, BackupKeys keys, IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private const string Prefix = "adminportal_scratch_";

    /// <summary>True for names that nobody else may use.</summary>
    public static bool IsScratch(string database) => database.StartsWith(Prefix, StringComparison.Ordinal);

    public static string NewName(string runId) => $"{Prefix}{runId}_{RandomNumberGenerator.GetHexString(4, lowercase: true)}";

    /// <summary>Drops what earlier attempts of a run left.</summary>
    public static async Task DropOfRunAsync(TargetServer server, string runId, CancellationToken cancellationToken)
    {
        foreach (var name in await server.NamesAsync($"{Prefix}{runId}_", cancellationToken))
        {
            await server.DropAsync(name, cancellationToken);
        }
    }

    /// <summary>Drops the scratch databases of runs that this portal knows to have ended; those of other portals are not its own to judge.</summary>
    public async Task<int> DropLeftoversAsync(string target, CancellationToken cancellationToken)
    {
        await using var server = await TargetServer.OpenAsync(access.Owner(target), cancellationToken);
        var names = await server.NamesAsync(Prefix, cancellationToken);
        var runs = names.Select(RunOf).ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ended = await db.OperationRuns.Where(r => runs.Contains(r.Id) && r.FinishedAt != null).Select(r => r.Id).ToListAsync(cancellationToken);
        var leftovers = names.Where(name => ended.Contains(RunOf(name))).ToList();
        foreach (var name in leftovers)
        {
            await server.DropAsync(name, cancellationToken);
        }

        return leftovers.Count;
    }

    /// <summary>Reads what is in a backup's file, and what of it the owner's role can make again on the target's server.</summary>
    public async Task<RestorePlan> PlanAsync(BackupRow backup, CancellationToken cancellationToken)
    {
        await using var server = await TargetServer.OpenAsync(access.Owner(backup.Target), cancellationToken);
        var set = await ToolsAsync(backup, server.Connection, cancellationToken);
        return await RestorePlan.MakeAsync(set, await DumpFiles.EntriesAsync(set, StoredOf(backup), cancellationToken), server.Connection, cancellationToken);
    }

    /// <summary>Restores the whole file into an empty database, but for what is left out. Everything belongs to the owner's role, and nobody else has rights on it.</summary>
    public async Task RestoreAsync(RestorePlan plan, BackupRow backup, string database, RunContext run, RunStepProgress step, Action<int> percent, CancellationToken cancellationToken)
    {
        var owner = TargetServer.On(access.Owner(backup.Target), database);
        var tables = backup.Counts.Select(count => new DumpTable(count.Key, count.Key, count.Value + 1)).ToList(); // weighed by rows
        var progress = new DumpProgress(tables, told =>
        {
            step.Tell(told.Text);
            percent(told.Percent);
        });
        var dump = StoredOf(backup);
        var list = Path.Combine(folder.FullName, $"{run.Id}.list{BackupFolder.PartialSuffix}");
        await File.WriteAllLinesAsync(list, await DumpFiles.ListAsync(plan.Tools, dump, plan.LeftOut, cancellationToken), cancellationToken);
        try
        {
            var ended = await ToolProcess.RunAsync(
                plan.Tools.PgRestore, [$"--dbname={owner.Database}", "--no-password", "--verbose", "--no-owner", "--no-privileges", "--exit-on-error", "--use-list", list, .. dump.Arguments], owner,
                progress.Line, (output, token) => output.CopyToAsync(Stream.Null, token), cancellationToken, dump.Input);
            foreach (var error in ended.Errors)
            {
                run.Journal.Log($"pg_restore: {error}");
            }

            if (ended.ExitCode != 0)
            {
                var around = plan.LeftOut.Count == 0 ? "" : $" What only a superuser can make was left out, and something else may need it: {string.Join("; ", plan.Losses.Take(5))}.";
                throw new RunFailedException($"The backup could not be restored. {ToolWords.Describe("pg_restore", ended)}{around}");
            }
        }
        finally
        {
            File.Delete(list);
        }
    }

    /// <summary>Rows per table of a restored database.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(string target, string database, CancellationToken cancellationToken)
    {
        await using var source = await DumpSource.OpenAsync(TargetServer.On(access.Owner(target), database), TimeSpan.FromMinutes(1), cancellationToken);
        return await source.CountAsync(TimeSpan.FromDays(1), time, cancellationToken) ?? throw new RunFailedException("Counting the restored rows took longer than a day.");
    }

    /// <summary>Throws unless every table has as many rows as when the backup was taken; else what to say of it.</summary>
    public static string Compare(BackupRow backup, IReadOnlyDictionary<string, long> restored)
    {
        if (backup.Counts.Count == 0)
        {
            return $"{restored.Count} tables, {restored.Values.Sum():N0} rows; the backup has no counts to compare them with";
        }

        var wrong = backup.Counts.Where(table => restored.GetValueOrDefault(table.Key, -1) != table.Value)
            .Select(table => $"{table.Key}: {table.Value} expected, {(restored.TryGetValue(table.Key, out var found) ? $"{found}" : "no such table")}").ToList();
        return wrong.Count == 0
            ? $"{restored.Count} tables, {restored.Values.Sum():N0} rows, each table with as many as when the backup was taken"
            : throw new RunFailedException($"The restored rows are not those of the backup. {string.Join("; ", wrong.Take(10))}.");
    }

    private StoredDump StoredOf(BackupRow backup) => new(folder.PathOf(backup.FileName), keys.Of(backup));

    private async Task<PostgresToolSet> ToolsAsync(BackupRow backup, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var server = PostgresToolSet.MajorOf(connection.PostgreSqlVersion.ToString());
        return await tools.FindAsync(Math.Max(server, PostgresToolSet.MajorOf(backup.ToolVersion ?? "0")), cancellationToken) switch
        {
            FindToolsOutcome.Found found => found.Tools,
            FindToolsOutcome.Missing missing => throw new RunFailedException(missing.Message),
            _ => throw new InvalidOperationException("Not an outcome of looking for tools."),
        };
    }

    private static string RunOf(string database) => database[Prefix.Length..].Split('_')[0];
}
