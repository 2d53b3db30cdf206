namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>This machine has no PostgreSQL server programs (of the version that existing data needs). The message names the ways out.</summary>
public sealed class PostgresMissingException : EmbeddedDatabaseException
{
    private const string WaysOut = """
          1. install PostgreSQL's server:      apt-get install postgresql   (or your system's package)
          2. use a server that you have:       set ConnectionStrings__Portal and Portal__Targets__main__ConnectionString
          3. use containers:                   docker compose -f deploy/docker-compose.yml up
        """;

    public PostgresMissingException()
        : base($"No PostgreSQL server programs (initdb, pg_ctl, postgres) in PATH or /usr/lib/postgresql/*/bin. Three ways out:\n{WaysOut}")
    {
    }

    public PostgresMissingException(int majorVersion, string folder)
        : base($"The data in {folder} was made by PostgreSQL {majorVersion}, and its server programs are not installed. Three ways out:\n"
            + WaysOut.Replace("install postgresql ", $"install postgresql-{majorVersion} ", StringComparison.Ordinal))
    {
    }

    public PostgresMissingException(string message)
        : base(message)
    {
    }

    public PostgresMissingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
