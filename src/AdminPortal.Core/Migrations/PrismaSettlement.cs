using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Settles failed migrations of the guides in Prisma's own history by what the catalogue proves, as <c>prisma migrate resolve</c> writes it:
/// the failed line is marked as rolled back, and one that is there whole gets a line of its own. A host's own migrations are left to Prisma.
/// </summary>
internal static class PrismaSettlement
{
    /// <summary>The names that the guides tell people to give; the portal splits the second into several.</summary>
    private static readonly string[] Guides = ["add_device_pairing_models", "add_mobile_sync_support"];

    public static async Task SettleAsync(NpgsqlConnection connection, MigrationEffects effects, HashSet<string> catalogue, CancellationToken cancellationToken)
    {
        foreach (var failed in (await TargetHistory.ReadAsync(connection, cancellationToken)).Prisma.Where(m => m.Failed))
        {
            if (Array.Find(Guides, guide => MigrationScript.NameOf(failed.Name) == guide) is not { } name)
            {
                continue;
            }

            var traces = effects.All.Keys.Where(id => MigrationScript.NameOf(id).StartsWith(name, StringComparison.Ordinal)).Select(id => effects.Of(id, catalogue).Trace).ToHashSet();
            if (traces.Count == 1 && !traces.Contains(MigrationTrace.Partial))
            {
                await MarkAsync(connection, failed.Name, isThere: traces.Contains(MigrationTrace.After), cancellationToken);
            }
        }
    }

    private static async Task MarkAsync(NpgsqlConnection connection, string name, bool isThere, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH failed AS (
                UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL RETURNING checksum
            )
            INSERT INTO public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
            SELECT gen_random_uuid()::text, checksum, $1, now(), now(), 0 FROM failed WHERE $2 LIMIT 1
            """, connection)
        {
            Parameters = { new() { Value = name }, new() { Value = isThere } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
