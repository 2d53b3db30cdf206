using System.Diagnostics;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Verification;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>
/// Verifies a target: reads its catalogue once, lets every check look, and stores what they found. A target that is away is a
/// result like any other. Changes nothing on the target.
/// </summary>
public sealed class Verifications
{
    private readonly TargetAccess access;
    private readonly KnownTargets known;
    private readonly HostMappings mappings;
    private readonly IDbContextFactory<PortalDbContext> contexts;
    private readonly IOptions<PortalOptions> options;
    private readonly VerificationChecks checks;
    private readonly TimeProvider time;

    internal Verifications(TargetAccess access, KnownTargets known, HostMappings mappings, IDbContextFactory<PortalDbContext> contexts, IOptions<PortalOptions> options, VerificationChecks checks, TimeProvider time) =>
        (this.access, this.known, this.mappings, this.contexts, this.options, this.checks, this.time) = (access, known, mappings, contexts, options, checks, time);

    /// <param name="target">The name as it is configured.</param>
    /// <param name="runId">The run that it belongs to.</param>
    public Task<VerificationResult> RunAsync(string target, VerificationScope scope, Actor actor, string? runId, CancellationToken cancellationToken) =>
        RunAsync(target, scope, actor, runId, progress: null, cancellationToken);

    /// <param name="progress">Is told each check's title before it looks, and how many there are.</param>
    public async Task<VerificationResult> RunAsync(
        string target, VerificationScope scope, Actor actor, string? runId, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.SeesEveryone && actor.Role is not null)
        {
            throw new UnauthorizedAccessException("Only admins and support verify targets.");
        }

        var result = await LookAsync(target, scope, progress, cancellationToken) with { RunId = runId, ActorName = actor.Name };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(VerificationRecords.ToRecord(result));
        await db.SaveChangesAsync(cancellationToken);
        return result;
    }

    /// <summary>The newest verification of a target, without its checks.</summary>
    public async Task<VerificationSummary?> LatestAsync(string target, CancellationToken cancellationToken) => await HistoryAsync(target, 1, cancellationToken) is [var latest, ..] ? latest : null;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<VerificationSummary>> HistoryAsync(string target, int most, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<VerificationRecord>().AsNoTracking().Where(v => v.Target == target).OrderByDescending(v => v.StartedAt).Take(most)
            .Select(v => new VerificationSummary(
                v.Id, v.Target, v.Identity, v.RunId, v.ActorName, v.StartedAt, v.FinishedAt, v.Passed, v.Errors, v.Warnings, v.WithData, v.MigratedTo))
            .ToListAsync(cancellationToken);
    }

    /// <summary>With all checks, as they were stored; the newest first.</summary>
    public async Task<IReadOnlyList<VerificationResult>> ResultsAsync(string target, int most, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var records = await db.Set<VerificationRecord>().AsNoTracking().Where(v => v.Target == target).OrderByDescending(v => v.StartedAt).Take(most).ToListAsync(cancellationToken);
        return records.ConvertAll(VerificationRecords.ToResult);
    }

    /// <summary>What a run verified; null: it stored nothing.</summary>
    public async Task<VerificationResult?> OfRunAsync(string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var record = await db.Set<VerificationRecord>().AsNoTracking().Where(v => v.RunId == runId).OrderByDescending(v => v.StartedAt).FirstOrDefaultAsync(cancellationToken);
        return record is null ? null : VerificationRecords.ToResult(record);
    }

    private async Task<VerificationResult> LookAsync(string target, VerificationScope scope, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var results = new List<CheckResult>();
        CheckedTarget? looked = null;
        var watch = Stopwatch.GetTimestamp();
        try
        {
            await using var source = access.CreateOwnerDataSource(target);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await TargetConnection.PinAsync(connection, cancellationToken);
            looked = await ReadAsync(target, scope, source, connection, cancellationToken);
            results.Add(VerificationRecords.Reached([], time.GetElapsedTime(watch)));
            var todo = checks.All.Where(c => scope.WithData || !c.ReadsRows).ToList();
            for (var i = 0; i < todo.Count; i++)
            {
                progress?.Report(new VerificationProgress(i, todo.Count, todo[i].Title));
                results.Add(await LookAsync(todo[i], looked, cancellationToken));
            }
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception) && !cancellationToken.IsCancellationRequested)
        {
            results.RemoveAll(r => r.Id == VerificationRecords.ReachId);
            results.Insert(0, VerificationRecords.Reached([VerificationRecords.Away(target, exception)], time.GetElapsedTime(watch)));
            looked = null;
        }

        return VerificationRecords.Result(target, scope, started, time.GetUtcNow(), looked, results);
    }

    private async Task<CheckedTarget> ReadAsync(string target, VerificationScope scope, NpgsqlDataSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var settings = new NpgsqlCommand("SET lock_timeout = '5s'; SET statement_timeout = '150s'", connection))
        {
            await settings.ExecuteNonQueryAsync(cancellationToken);
        }

        var identity = await TargetIdentity.ReadAsync(connection, cancellationToken);
        await using var db = TargetAccess.CreateContext(source);
        var set = await mappings.SetAsync(target, cancellationToken);
        var history = await TargetHistory.ReadAsync(connection, set.People is null ? [.. db.Database.GetMigrations()] : [.. set.All.Select(m => m.Id)], cancellationToken);
        return new CheckedTarget
        {
            Name = target,
            Settings = access.Settings(target),
            Scope = scope,
            Connection = connection,
            Identity = identity,
            IsKnown = await known.IsKnownAsync(target, identity, cancellationToken),
            Actual = await CatalogueReader.ReadAsync(connection, cancellationToken),
            Manifest = set.Manifest,
            Set = set,
            Expected = scope.PendingIsMeant ? set.Manifest.At([.. history.Applied]) : set.Manifest.Whole(),
            History = history,
            PortalUrl = target == access.PrimaryName ? options.Value.PublicUrl : null,
            ModelHasChanges = db.Database.HasPendingModelChanges(),
        };
    }

    /// <summary>A check that the server refuses tells so, and the others go on.</summary>
    private async Task<CheckResult> LookAsync(VerificationCheck check, CheckedTarget target, CancellationToken cancellationToken)
    {
        var watch = time.GetTimestamp();
        IReadOnlyList<Finding> findings;
        try
        {
            findings = await check.LookAsync(target, cancellationToken);
        }
        catch (PostgresException exception) when (!exception.SqlState.StartsWith("57P", StringComparison.Ordinal))
        {
            findings = [new Finding(CheckSeverity.Error, check.Id, check.Expected, $"The server refused to say: {exception.MessageText} ({exception.SqlState})", "Resolve what other checks name, then verify again.")];
        }

        target.Findings.AddRange(findings);
        return CheckResult.From(check.Id, check.Title, check.Severity, check.Expected, findings, time.GetElapsedTime(watch));
    }
}
