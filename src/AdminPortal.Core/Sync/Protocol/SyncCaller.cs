namespace AdminPortal.Core.Sync.Protocol;

/// <summary>The device whose bearer came with the request, and its person. Never taken from the body.</summary>
public sealed record SyncCaller(string UserId, string DeviceId);
