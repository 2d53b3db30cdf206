#pragma warning disable CA1822, IDE0060 // TEMP
using AdminPortal.Core.Runs;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>What stands around a migration: the backup before, the verification after, and words for a failure.</summary>
internal sealed class MigrationSafety(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>True when this run has taken its backup already, in an attempt that was broken off later.</summary>
    public async Task<bool> IsBackedUpAsync(RunContext run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Backups.AnyAsync(b => b.RunId == run.Id && b.State == BackupState.Complete, cancellationToken);
    }

    /// <exception cref="RunFailedException">No complete backup came of it.</exception>
    public Task BackUpAsync(RunContext run, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Records the evidence with the run. A failed verification fails the run, and leaves the migrations applied.</summary>
    public Task VerifyAsync(RunContext run, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What an error of PostgreSQL means, and what to do.</summary>
    public Task<string> ExplainAsync(string connectionString, PostgresException exception) => Task.FromResult($"{exception.MessageText} ({exception.SqlState})");
}
