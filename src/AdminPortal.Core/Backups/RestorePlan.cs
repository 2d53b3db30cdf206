using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>What of a backup the owner's role cannot make again on a server, known before anything is made.</summary>
/// <param name="Tools">The programs that read the file.</param>
/// <param name="Entries">Everything in the file but rows.</param>
/// <param name="LeftOut">What only a superuser may make; every restore goes around it.</param>
/// <param name="Strangers">Roles that own objects of the backup, and to which the owner's role may give nothing; empty: none.</param>
internal sealed record RestorePlan(PostgresToolSet Tools, IReadOnlyList<DumpEntry> Entries, IReadOnlyList<DumpEntry> LeftOut, IReadOnlyList<string> Strangers)
{
    private const string Rights =
        """
        SELECT r.rolsuper, ARRAY(SELECT rolname::text FROM pg_roles o WHERE pg_has_role(current_user, o.oid, 'MEMBER')),
               ARRAY(SELECT DISTINCT name::text FROM pg_available_extension_versions WHERE trusted OR NOT superuser)
        FROM pg_roles r WHERE r.rolname = current_user
        """;

    private static readonly HashSet<string> OfSuperusers = new(StringComparer.Ordinal)
    {
        "ACCESS METHOD", "EVENT TRIGGER", "FOREIGN DATA WRAPPER", "OPERATOR CLASS", "OPERATOR FAMILY", "PROCEDURAL LANGUAGE", "PUBLICATION TABLES IN SCHEMA",
        "SUBSCRIPTION", "TEXT SEARCH PARSER", "TEXT SEARCH TEMPLATE", "TRANSFORM",
    };

    /// <summary>In words, as far as it is known beforehand; each names an object.</summary>
    public IReadOnlyList<string> Losses =>
    [
        .. LeftOut.Where(entry => entry.Type is not ("ACL" or "COMMENT")).Select(entry => $"{entry.Title}: only a superuser can make it"),
        .. Strangers.Select(role => $"what {role} owns: the owner's role is not a member of {role}"),
    ];

    /// <param name="server">The owner's, to any database of the server.</param>
    public static async Task<RestorePlan> MakeAsync(PostgresToolSet tools, IReadOnlyList<DumpEntry> entries, NpgsqlConnection server, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Rights, server);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetBoolean(0))
        {
            return new RestorePlan(tools, entries, [], []);
        }

        var roles = reader.GetFieldValue<string[]>(1).ToHashSet(StringComparer.Ordinal);
        var extensions = reader.GetFieldValue<string[]>(2).ToHashSet(StringComparer.Ordinal);
        var left = entries.Where(entry => IsOfSuperusers(entry, extensions)).ToList();
        var subjects = left.Select(entry => $"{entry.Type} {entry.Name}").ToHashSet(StringComparer.Ordinal);
        left.AddRange(entries.Where(entry => entry.Type is "ACL" or "COMMENT" && subjects.Contains(entry.Name)));
        return new RestorePlan(
            tools, entries, left,
            [.. entries.Except(left).Where(entry => entry.HasOwnerOfItsOwn && !roles.Contains(entry.Owner)).Select(entry => entry.Owner).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static bool IsOfSuperusers(DumpEntry entry, HashSet<string> extensions) => entry.Type switch
    {
        "EXTENSION" => !extensions.Contains(entry.Name),
        "PUBLICATION" => entry.Sql.Contains("FOR ALL TABLES", StringComparison.Ordinal),
        _ => OfSuperusers.Contains(entry.Type),
    };
}
