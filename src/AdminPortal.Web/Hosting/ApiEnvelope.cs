namespace AdminPortal.Web.Hosting;

/// <summary>The body of every success of the API: <c>{"success":true,"data":…}</c>.</summary>
internal sealed record ApiEnvelope<T>(bool Success, T Data);

internal static class ApiEnvelope
{
    public static ApiEnvelope<T> Of<T>(T data) => new(true, data);
}
