namespace AdminPortal.Web.Hosting;

/// <summary>The body of every success of the API: <c>{"success":true,"data":…}</c>.</summary>
internal sealed record ApiEnvelope<T>(bool Success, T Data)
    where T : notnull;

internal static class ApiEnvelope
{
    public static ApiEnvelope<T> Of<T>(T data)
        where T : notnull => new(true, data);
}
