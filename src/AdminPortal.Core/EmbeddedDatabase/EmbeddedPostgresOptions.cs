namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>What the embedded cluster is to be.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The portal's data folder. Started by root, the cluster itself lies under /var/lib/adminportal, named by a hash of this path.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Databases that exist after a start, owned by <c>portal_owner</c>.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>False only for tests: a machine that dies may then lose or damage everything.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Told, in words for people, what a start is doing.</summary>
    public Action<string> Report { get; init; } = static _ => { };

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
