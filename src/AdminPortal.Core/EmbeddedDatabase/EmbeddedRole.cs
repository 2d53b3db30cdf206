namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>Who a connection to the embedded cluster works as.</summary>
public enum EmbeddedRole
{
    /// <summary><c>portal_runtime</c>: reads and writes rows, no DDL. What the running portal uses.</summary>
    Runtime,

    /// <summary><c>portal_owner</c>: owns the databases and migrates them.</summary>
    Owner,

    /// <summary><c>postgres</c>: set-up of the cluster only.</summary>
    Superuser,
}
