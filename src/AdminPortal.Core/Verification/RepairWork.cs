using System.Text.Json;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>
/// Does a safe repair as a run. Its SQL is made from the target's catalogue and the release's manifest at that moment, never
/// taken from what was stored; repeated after a death it finds what is left to do.
/// </summary>
internal sealed class RepairWork(TargetAccess access, KnownTargets known, Verifications verifications) : IRunWork
{
    public IReadOnlyCollection<string> Kinds => [VerificationRuns.Repair];

    public async Task WorkAsync(RunContext run, CancellationToken cancellationToken)
    {
        var fix = JsonSerializer.Deserialize<SafeFix>(run.Parameters)!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Stopping);
        try
        {
            await using var connection = await OpenAsync(run.Target, stop.Token);
            var statements = Statements(fix, await CatalogueReader.ReadAsync(connection, stop.Token));
            await SetAsync(connection, "SET search_path = public, portal, extensions", stop.Token); // the trigram operator class is in one of them
            foreach (var sql in statements)
            {
                await RunAsync(run, connection, sql, stop.Token);
            }

            using var check = run.Journal.Begin("Verify again");
            var result = await verifications.RunAsync(run.Target, VerificationScope.CatalogueOnly, run.Actor, run.Id, stop.Token);
            check.Done(VerificationWords.Verdict(result.Answered, result.Errors, result.Warnings));
            if (result.Checks.SelectMany(c => c.Findings).Any(f => f.Fix is { } left && left.Kind == fix.Kind && left.Name == fix.Name))
            {
                throw new RunFailedException($"{fix.Title}: the statement ran, and the finding is still there. Look at the log.");
            }
        }
        catch (OperationCanceledException) when (run.StopsHere())
        {
            run.Journal.Log("Stopped. A concurrent build that was cancelled leaves an invalid index behind: the next verification names it, and this repair begins by dropping it.");
        }
    }

    /// <summary>Nothing when the catalogue shows that it is done, or no longer what was offered.</summary>
    internal static IReadOnlyList<string> Statements(SafeFix fix, DatabaseCatalogue actual)
    {
        var there = actual.OfTable($"{fix.Schema}.{fix.Table}", fix.Kind == FixKind.ValidateConstraint ? CatalogueKind.ForeignKey : CatalogueKind.Index)
            .Concat(actual.OfTable($"{fix.Schema}.{fix.Table}", CatalogueKind.Constraint)).FirstOrDefault(o => o.Name == fix.Name);
        switch (fix.Kind)
        {
            case FixKind.CreateIndex when there?.Detail("valid") != "yes":
                var expected = CatalogueManifest.Current.Whole().OfTable($"{fix.Schema}.{fix.Table}", CatalogueKind.Index).FirstOrDefault(i => i.Name == fix.Name)
                    ?? throw new RunFailedException($"This release has no index {fix.Name}. Verify again.");
                return there is null ? [SafeFix.Create(expected).Sql] : [SafeFix.Drop(there).Sql, SafeFix.Create(expected).Sql];
            case FixKind.DropInvalidIndex when there is { } leftover && leftover.Detail("valid") != "yes":
                return [SafeFix.Drop(leftover).Sql];
            case FixKind.ValidateConstraint when there is { } constraint && constraint.Detail("validated") != "yes":
                return [SafeFix.Validate(constraint).Sql];
            default:
                return [];
        }
    }

    private static async Task RunAsync(RunContext run, NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin(sql.Length > 160 ? sql[..160] + "…" : sql);
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            step.Done();
        }
        catch (PostgresException exception) when (!exception.SqlState.StartsWith("57P", StringComparison.Ordinal) && !cancellationToken.IsCancellationRequested)
        {
            var diagnosis = await FailureDiagnosis.OfAsync(exception, connection, cancellationToken);
            step.Failed($"{exception.MessageText} ({exception.SqlState})");
            throw new RunFailedException(diagnosis is null ? $"{exception.MessageText} ({exception.SqlState})" : $"{diagnosis.Explanation} {diagnosis.Remedy}", exception);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(string target, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(access.Owner(target).ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (!await known.IsKnownAsync(target, await TargetIdentity.ReadAsync(connection, cancellationToken), cancellationToken))
            {
                throw new RunFailedException($"{target} leads to another database than the one that is known by this name. Nothing was changed.");
            }

            await TargetConnection.PinAsync(connection, cancellationToken);
            await SetAsync(connection, "SET lock_timeout = '60s'; SET statement_timeout = '1h'", cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task SetAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
