namespace AdminPortal.Web.Hosting;

/// <summary>Another program listens where the portal should.</summary>
internal sealed class AddressTakenException(string urls, Exception inner)
    : Exception($"{urls} is taken by another program. Stop it, or choose another address with {ListenAddress.Variable} or --urls.", inner);
