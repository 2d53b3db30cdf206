namespace AdminPortal.Core.ServiceKeys;

/// <summary>The service that a request comes from, by its key.</summary>
public sealed record AuthenticatedService(string Id, string Name);
