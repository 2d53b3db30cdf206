namespace AdminPortal.Web.Hosting;

/// <summary>What the command line asked of <c>serve</c>.</summary>
/// <param name="Empty">No sample data.</param>
/// <param name="Lan">Reachable from other machines.</param>
/// <param name="Urls">Where to listen, or null for the environment's or the default.</param>
internal sealed record ServeOptions(bool Empty, bool Lan, string? Urls);
