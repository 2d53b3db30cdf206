using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>Says in words for people why a backup or a restore failed. No word of it carries a password.</summary>
internal static class ToolWords
{
    private const int NoSpace = 28, FileTooLarge = 27, OverQuota = 122; // errno of Linux; what .NET puts into HResult

    private const string Locked = "Somebody holds a lock on a table for longer than the portal waits (Backups:LockSeconds), such as a migration. Try again when it is through.";

    /// <summary>Of a program that ended in failure.</summary>
    public static string Describe(string program, ToolProcess.Ended ended)
    {
        var errors = string.Join('\n', ended.Errors);
        return errors switch
        {
            _ when Has(errors, "server version mismatch", "aborting because of server version") =>
                $"{program} is older than the server and refuses to read it. Install the server's version of PostgreSQL's client programs, or name their folder with Backups__ToolsFolder.",
            _ when Has(errors, "unsupported version") => $"The file was written by a newer pg_dump than this {program} can read. Install that version of PostgreSQL's client programs.",
            _ when Has(errors, "server closed the connection", "terminating connection", "connection to server was lost", "could not connect", "connection to server at", "SSL connection has been closed", "connection to server on socket") =>
                $"The connection to the database was lost in the middle: {First(ended)}",
            _ when Has(errors, "lock timeout", "could not obtain lock") => Locked,
            _ when Has(errors, "row-level security policy") =>
                $"Row level security hides rows from the owner's role, and a backup without them would be none: {First(ended)} As a superuser: ALTER ROLE … BYPASSRLS for the owner's role.",
            _ when Has(errors, "permission denied") => $"The owner's role may not read everything: {First(ended)}",
            _ when Has(errors, "No space left on device") => "The server's disk is full.",
            _ when ended.Errors.Count > 0 => $"{program} failed: {First(ended)}",
            _ when ended.ExitCode > 128 => $"{program} was killed (signal {ended.ExitCode - 128}).",
            _ => $"{program} ended with exit code {ended.ExitCode} and said nothing.",
        };
    }

    /// <summary>Of the portal's own part; null: not one of the expected failures.</summary>
    public static string? Describe(Exception exception, string folder) => exception switch
    {
        IOException { HResult: NoSpace } or IOException { HResult: OverQuota } => $"The disk of the backup folder {folder} is full. Make room there, or name another folder with Backups__Folder.",
        IOException { HResult: FileTooLarge } => $"The file grew larger than the backup folder {folder} allows for one file.",
        UnauthorizedAccessException => $"The portal may not write into the backup folder {folder}. Give it to the user that the portal runs as, or name another folder with Backups__Folder.",
        DirectoryNotFoundException or FileNotFoundException => $"The backup folder {folder} cannot be used: {exception.Message}",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "The server answers, and has no database of this name.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } => "The server refuses the owner's user name or password.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } => TargetAvailability.Describe(exception),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } postgres => $"The owner's role lacks a right: {postgres.MessageText}.",
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => Locked,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "The server's disk is full.",
        PostgresException postgres when TargetAvailability.IsOutage(postgres) => $"The connection to the database was lost: {postgres.MessageText}.",
        PostgresException postgres => $"The server answers with the error {postgres.SqlState}: {postgres.MessageText}.",
        _ when TargetAvailability.IsOutage(exception) => exception is IOException ? $"A file could not be read or written: {exception.Message}" : $"The connection to the database was lost, or could not be made. {TargetAvailability.Describe(exception)}",
        _ => null,
    };

    private static bool Has(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string First(ToolProcess.Ended ended)
    {
        var line = ended.Errors.FirstOrDefault(error => error.StartsWith("error: ", StringComparison.Ordinal)) ?? ended.Errors[0];
        line = line.StartsWith("error: ", StringComparison.Ordinal) ? line["error: ".Length..] : line;
        return line.Length > 400 ? $"{line[..400]}…" : line;
    }
}
