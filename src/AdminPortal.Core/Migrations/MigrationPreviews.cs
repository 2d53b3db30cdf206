using System.Security.Cryptography;
using System.Text;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Says what a deployment would do to a target, without changing anything there.</summary>
public sealed class MigrationPreviews(
    TargetAccess access, KnownTargets known, HostMappings mappings, MigrationStatuses statuses, MigrationGates gates, IDbContextFactory<PortalDbContext> contexts,
    IOptions<TwoPersonOptions> twoPersons)
{
    /// <summary>The preview, or the status that stands in its way.</summary>
    public async Task<(MigrationPreview? Preview, MigrationStatus Status)> ReadAsync(string target, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await TargetConnection.OpenAsync(access.Owner(target).ConnectionString, cancellationToken);
            var history = await TargetHistory.ReadAsync(connection, cancellationToken);
            if (!await known.IsKnownAsync(target, history.Identity, cancellationToken))
            {
                return (null, new MigrationStatus.Foreign(target, history.Identity));
            }

            var set = await mappings.SetAsync(target, connection, cancellationToken);
            var status = await statuses.ComposeAsync(target, history, set, cancellationToken);
            return (await ComposeAsync(connection, history, set, status, cancellationToken), status);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return (null, new MigrationStatus.Busy(target));
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return (null, new MigrationStatus.Down(target, TargetAvailability.Describe(exception)));
        }
    }

    /// <summary>Over what an approval is bound to.</summary>
    internal static string ApprovalHash(TargetIdentity identity, IEnumerable<string> applied, IEnumerable<MigrationScript> pending) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', [identity.Key, .. applied, "--", .. pending.Select(m => $"{m.Id} {m.SqlHash}")]))));

    private async Task<MigrationPreview> ComposeAsync(NpgsqlConnection connection, TargetHistory history, MigrationSet set, MigrationStatus.Known status, CancellationToken cancellationToken)
    {
        var rows = await LiveRowsAsync(connection, cancellationToken);
        var pending = status.Pending.Select(m => (Row: m, Script: set.Find(m.Id)!)).ToList();
        IReadOnlyList<MigrationScript> scriptsOfPending = [.. pending.Select(p => p.Script)];
        var forecast = await ForecastAsync(status.Target, cancellationToken);
        var hash = ApprovalHash(history.Identity, history.Applied, scriptsOfPending);
        return new MigrationPreview(
            status.Target, history.Identity,
            [.. pending.Select(p => new PendingMigration(p.Script, p.Row.State, MigrationLints.Of(p.Script, rows), forecast(p.Script)))],
            [
                .. await MigrationPrechecks.RunAsync(connection, history, set, scriptsOfPending, access.RuntimeRole(status.Target), cancellationToken),
                await GrantsAsync(connection, status.Target, set, scriptsOfPending, cancellationToken),
            ],
            await gates.ReadAsync(status.Target, scriptsOfPending, cancellationToken),
            hash, await ApprovalsAsync(status.Target, hash, cancellationToken), status.NeedsAdoption, NeedsTwo(status.Target));
    }

    /// <summary>Every right that a deployment gives on tables of <c>public</c>; a roll back takes those of the portal's role back.</summary>
    private async Task<Precheck> GrantsAsync(NpgsqlConnection connection, string target, MigrationSet set, IReadOnlyList<MigrationScript> pending, CancellationToken cancellationToken)
    {
        var role = access.RuntimeRole(target);
        IReadOnlyList<string> grants =
        [
            .. role is null || role == connection.UserName ? [] : HostTableGrant.Of([.. pending.Select(m => m.Name)], set.People?.Entities.Select(e => e.Mapping.Name), role),
            .. await HostGrants.StatementsAsync(connection, set, pending, role, cancellationToken),
        ];
        return new("Rights that it gives on tables of public", Severity.Info, Passed: true, grants.Count == 0 ? "none" : string.Join("; ", grants));
    }

    private async Task<Func<MigrationScript, Rehearsal?>> ForecastAsync(string target, CancellationToken cancellationToken)
    {
        if (access.Find(access.Settings(target).Requires) is not { } required || await statuses.ReadAsync(required, cancellationToken) is not MigrationStatus.Known status)
        {
            return _ => null;
        }

        var ran = await gates.RanAsync(required, status.Identity.Key, cancellationToken);
        return script => ran.GetValueOrDefault(script.Id) is { Duration: { } duration } record && record.SqlHash == script.SqlHash
            ? new Rehearsal(required, record.StartedAt, duration, record.RunId)
            : null;
    }

    private bool NeedsTwo(string target) => twoPersons.Value.Deployments && access.Settings(target).Protected;

    /// <summary>Where two persons are needed, one who is no admin any more counts for none.</summary>
    private async Task<IReadOnlyList<ApprovalRow>> ApprovalsAsync(string target, string hash, CancellationToken cancellationToken)
    {
        var (needsTwo, commandLine) = (NeedsTwo(target), Actor.CommandLine.Id);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.MigrationApprovals.AsNoTracking().Where(a => a.Target == target && a.ApprovalHash == hash && a.UsedByRunId == null)
            .Where(a => !needsTwo || a.ActorId == commandLine || db.Accounts.Any(by => by.Id == a.ActorId && by.Role == AccountRole.Admin && by.DisabledAt == null))
            .OrderByDescending(a => a.At).Select(a => new ApprovalRow(a.Id, a.ActorId, a.ActorName, a.At, a.Reason)).Take(20).ToListAsync(cancellationToken);
    }

    /// <summary>The server's estimates: exact counts would read everything.</summary>
    private static async Task<IReadOnlyDictionary<string, long>> LiveRowsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await TargetHistory.ListAsync(
            connection,
            """
            SELECT format('%s.%s', n.nspname, c.relname), greatest(c.reltuples, s.n_live_tup, 0)::bigint
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid WHERE c.relkind IN ('r', 'p')
            """,
            r => (Table: r.GetString(0), Rows: r.GetInt64(1)), cancellationToken)).ToDictionary(t => t.Table, t => t.Rows);
}
