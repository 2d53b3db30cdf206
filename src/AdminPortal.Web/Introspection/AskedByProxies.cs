namespace AdminPortal.Web.Introspection;

/// <summary>
/// On an endpoint that proxies ask: they know 401 and 403 and make a failure of their own of every other refusal, so a device whose
/// dead token calls too often hears 401 there.
/// </summary>
internal sealed class AskedByProxies;
