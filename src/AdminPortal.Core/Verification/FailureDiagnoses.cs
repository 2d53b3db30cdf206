using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>Recognises the guides' failures: the error code narrows it down, the catalogue and the history decide.</summary>
internal static class FailureDiagnoses
{
    public static async Task<FailureDiagnosis?> OfAsync(PostgresException failure, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var actual = await CatalogueReader.ReadAsync(connection, cancellationToken);
        var history = await TargetHistory.ReadAsync(connection, CatalogueManifest.Current.Migrations, cancellationToken);
        return failure.SqlState switch
        {
            PostgresErrorCodes.DuplicateColumn => ColumnExists(failure, actual, history),
            PostgresErrorCodes.UndefinedTable => Missing(failure, actual, history),
            PostgresErrorCodes.DuplicateObject when NamedEnum(failure) is { } type => EnumExists(failure, type, actual),
            PostgresErrorCodes.UniqueViolation => UniqueViolation(failure, actual),
            PostgresErrorCodes.DuplicateTable => RelationExists(failure, actual),
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DiskFull => IndexesNotCreated(failure, actual),
            _ => null,
        };
    }

    private static FailureDiagnosis ColumnExists(PostgresException failure, DatabaseCatalogue actual, TargetHistory history)
    {
        var name = Quoted(failure.MessageText);
        var makers = CatalogueManifest.Current.Objects.Where(o => o.Kind == CatalogueKind.Column && o.Name == name && o.Until is null && actual.Find(o.Entry) is not null).ToList();
        var pending = makers.Where(o => history.Pending.Contains(o.Since)).ToList();
        var same = pending.Count > 0 && pending.TrueForAll(o => actual.Find(o.Entry)!.SameAs(o.Entry));
        var byPrisma = pending.Exists(o => history.Prisma?.Any(p => TargetHistory.NameOf(p.Name) == TargetHistory.NameOf(o.Since)) == true);
        return new FailureDiagnosis(
            FailureKind.ColumnExists, "Column already exists", failure.SqlState,
            pending.Count == 0
                ? $"The column {name} is there, and the history has the migration that makes it: it was run a second time."
                : $"The column {name} is there, and the history does not have {TargetHistory.NameOf(pending[0].Since)}, which makes it: {(byPrisma ? "Prisma made it" : "somebody made it by hand")}.",
            pending.Count == 0 ? "Look at the status: nothing is left to do." : same
                ? "It is exactly what the migration makes: adopt the database, which records what is really there as applied."
                : "It differs from what the migration makes. Rename or correct it, then adopt the database or apply the migration.");
    }

    private static FailureDiagnosis Missing(PostgresException failure, DatabaseCatalogue actual, TargetHistory history)
    {
        var (schema, name) = Qualified(Quoted(failure.MessageText));
        var twin = actual.Of(CatalogueKind.Table).FirstOrDefault(t => CheckedTarget.AreTwins(t.Name, name) || (t.Name == name && t.Schema != schema));
        if (twin is null && name == "users" && !actual.HasTable("public.users"))
        {
            return new FailureDiagnosis(
                FailureKind.RelationMissing, "Relation does not exist", failure.SqlState,
                "The table users is not there, and the pairing tables point at it.",
                "It is the host application's: run its migrations first, or, on a database of the portal's own, the migration baseline. See that the connection string leads to the right database.");
        }

        if (twin is not null)
        {
            return new FailureDiagnosis(
                FailureKind.TableNotFound, "Table not found", failure.SqlState, $"There is no table {name}, but there is {twin.Title}: the name was written otherwise, or its schema is not in the search path.",
                $"Write it as {SafeFix.Quote(twin.Schema, twin.Name)}. A Prisma client has to be generated again (prisma generate) after its schema changed.");
        }

        var maker = CatalogueManifest.Current.Objects.FirstOrDefault(o => o.Kind == CatalogueKind.Table && o.Name == name && o.Until is null);
        var pending = maker is not null && history.Pending.Contains(maker.Since);
        return new FailureDiagnosis(
            FailureKind.TableNotFound, "Table not found", failure.SqlState,
            maker is null ? $"No migration of this release makes a table {name}."
                : pending ? $"The migration {TargetHistory.NameOf(maker.Since)} makes {name}, and was not applied here."
                : $"The history says that {TargetHistory.NameOf(maker.Since)} was applied, and its table {name} is not there: it was dropped.",
            maker is null ? "Another program's client does not fit this database: generate it again (prisma generate), or apply that program's migrations."
                : pending ? "Apply the pending migrations; then generate clients again (prisma generate)."
                : "Restore it from a backup, or mark the migration as rolled back (portal migrate resolve) and apply it again.");
    }

    private static FailureDiagnosis EnumExists(PostgresException failure, string name, DatabaseCatalogue actual)
    {
        var found = actual.Of(CatalogueKind.Enum).FirstOrDefault(e => e.Name == name);
        var wanted = CatalogueManifest.Current.Objects.FirstOrDefault(o => o.Kind == CatalogueKind.Enum && o.Name == name && o.Until is null)?.Entry;
        var used = actual.Of(CatalogueKind.Column).Where(c => c.Fact("type")?.Contains($"\"{name}\"", StringComparison.Ordinal) == true).Select(c => c.Title).ToList();
        var same = found is not null && wanted is not null && found.SameAs(wanted);
        var drop = found is not null && used.Count == 0 ? $"DROP TYPE {SafeFix.Quote(found.Schema, found.Name)}" : null;
        return new FailureDiagnosis(
            FailureKind.EnumExists, "Enum type already exists", failure.SqlState,
            $"The type {name} is there with the labels {found?.Fact("labels")}{(same ? ", which are the release's" : wanted is null ? "" : $"; the release needs {wanted.Fact("labels")}")}. "
                + (used.Count == 0 ? "No column uses it: an unquoted DROP TYPE of an earlier roll-back dropped nothing." : $"{string.Join(", ", used)} uses it."),
            same ? "This portal's migration uses a type with equal labels as it is: run it again. Another tool's wants it gone first."
                : drop is not null ? "Drop it, with the quotes, then run the migration again."
                : "Rename it or give it the release's labels. Never drop it with CASCADE: that drops the columns with their data.",
            same ? null : drop);
    }

    private static FailureDiagnosis UniqueViolation(PostgresException failure, DatabaseCatalogue actual)
    {
        var invalid = actual.Of(CatalogueKind.Index).FirstOrDefault(i => i.Name == failure.ConstraintName && i.Detail("valid") != "yes");
        var building = failure.MessageText.Contains("could not create unique index", StringComparison.Ordinal);
        var clientId = failure.ConstraintName?.Contains("clientId", StringComparison.Ordinal) == true || failure.Detail?.Contains("\"clientId\"", StringComparison.Ordinal) == true;
        return new FailureDiagnosis(
            FailureKind.UniqueViolation, "Unique constraint violation", failure.SqlState,
            building ? $"Rows of {failure.TableName} have the same value where {failure.ConstraintName} allows it once{(invalid is null ? "" : "; the build left an invalid index behind")}."
                : $"A row of {failure.TableName} has the value already that {failure.ConstraintName} allows once.",
            clientId ? "Decide on the page Duplicates of this target's verification which row keeps each clientId; then run it again, which drops the leftover first."
                : "Find the rows with the same value and decide which one keeps it; then run it again.",
            invalid is null ? null : SafeFix.Drop(invalid).Sql);
    }

    /// <summary>“relation … already exists”: the leftover of a build, or a table of somebody else's.</summary>
    private static FailureDiagnosis RelationExists(PostgresException failure, DatabaseCatalogue actual)
    {
        var (_, name) = Qualified(Quoted(failure.MessageText));
        if (actual.Of(CatalogueKind.Index).FirstOrDefault(i => i.Name == name && i.Detail("valid") != "yes") is { } invalid)
        {
            return new FailureDiagnosis(
                FailureKind.IndexesNotCreated, "Indexes not created", failure.SqlState, $"The index {name} is there and invalid: an earlier build failed or was cancelled.",
                "Drop it, then run it again. The portal's own migrations do that by themselves.", SafeFix.Drop(invalid).Sql);
        }

        return new FailureDiagnosis(
            FailureKind.ColumnExists, "Relation already exists", failure.SqlState, $"{name} is there already, and the history does not have the migration that makes it.",
            "If it is what the migration makes, adopt the database: what is really there is recorded as applied. If not, rename it.");
    }

    private static FailureDiagnosis? IndexesNotCreated(PostgresException failure, DatabaseCatalogue actual) =>
        actual.Of(CatalogueKind.Index).Where(i => i.Detail("valid") != "yes").ToList() is not { Count: > 0 } invalid ? null : new FailureDiagnosis(
            FailureKind.IndexesNotCreated, "Indexes not created", failure.SqlState,
            $"A concurrent build was given up ({(failure.SqlState == PostgresErrorCodes.LockNotAvailable ? "it waited too long for other transactions" : failure.MessageText)}) and left {string.Join(", ", invalid.Select(i => i.Name))} invalid.",
            "End long transactions, drop what is left, and build it again; the button on the verification page does both.",
            string.Join("; ", invalid.Select(i => SafeFix.Drop(i).Sql)));

    private static string? NamedEnum(PostgresException failure) =>
        failure.MessageText.Contains("type ", StringComparison.Ordinal) ? Qualified(Quoted(failure.MessageText)).Name : null;

    /// <summary>The first name of a message: <c>relation "public.users" does not exist</c>, <c>The type public."DeviceType" exists</c>.</summary>
    private static string Quoted(string message)
    {
        var parts = message.Split('"');
        return parts.Length > 1 ? parts[1] : message;
    }

    private static (string? Schema, string Name) Qualified(string name) => name.Split('.') is [var schema, var table] ? (schema, table) : (null, name);
}
