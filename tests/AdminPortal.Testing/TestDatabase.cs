using AdminPortal.Core.EmbeddedDatabase;

namespace AdminPortal.Testing;

/// <summary>One database of a test class, dropped at its end.</summary>
public sealed class TestDatabase(EmbeddedPostgres server, string name) : IAsyncDisposable
{
    public string Name => name;

    /// <summary>As the portal works: rows only.</summary>
    public string RuntimeConnectionString => server.ConnectionString(name, EmbeddedRole.Runtime);

    /// <summary>As migrations work: DDL too.</summary>
    public string OwnerConnectionString => server.ConnectionString(name, EmbeddedRole.Owner);

    /// <summary>As the server's administrator: what a host has that the portal's owner could not make.</summary>
    public string SuperuserConnectionString => server.ConnectionString(name, EmbeddedRole.Superuser);

    public async ValueTask DisposeAsync() => await server.DropDatabaseAsync(name, CancellationToken.None);
}
