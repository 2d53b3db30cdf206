using System.Text.Json;
using AdminPortal.Core.Introspection;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.ServiceKeys;

namespace AdminPortal.Web.Introspection;

/// <summary><c>POST /api/qr/introspect</c>: any service enforces scopes and revocation by one call (RFC 7662).</summary>
internal static class IntrospectionEndpoint
{
    /// <summary>Longer ones are not looked up: no token of the portal's is.</summary>
    private const int TokenLength = 512;
    private const string FormType = "application/x-www-form-urlencoded";

    public static void MapIntrospection(this IEndpointRouteBuilder api) =>
        api.MapPost("/qr/introspect", IntrospectAsync)
            .RequireAuthorization(Policies.Service)
            .WithTags("Introspection")
            .WithName("introspectToken").WithSummary("Ask about a device's token")
            .WithDescription(
                "RFC 7662, for services with a key (svc_…), as a bearer, by HTTP Basic or as client_secret of the form: as JSON, or as a form as the RFC has it. The answer is not in the envelope. Anything that is not a live "
                + "token is exactly {\"active\":false}. With scope, one or several, allowed says whether the device may do all of that now; FULL_ACCESS allows everything. Do not keep the answer.")
            .Accepts<IntrospectRequest>("application/json", FormType)
            .Produces<IntrospectAnswer>()
            .Problems(400, "invalid-request")
            .WithMetadata(
                new TakesClientSecret(),
                new ApiExample(
                    """{"token":"dvc_w6uP8Tcg6K2QR905Rms8iXTlksL6OD1KOWBxTK7wxPI","scope":"WRITE_NOTES"}""",
                    """{"active":true,"token_type":"Bearer","sub":"u1","device_id":"device-123","device_type":"MOBILE_IOS","scope":"WRITE_NOTES VIEW_TRANSCRIPT","exp":1900000000,"allowed":true,"client_id":"device-123"}"""),
                ApiExample.Problem(401, "service-key-unknown", "The portal does not know this service key."));

    private static async Task<IResult> IntrospectAsync(HttpContext context, TokenIntrospection introspection, CancellationToken cancellationToken)
    {
        if (!context.Request.HasFormContentType && !context.Request.HasJsonContentType())
        {
            return ApiResults.Problem(415, "unsupported-media-type", "This body's type is not known.", $"Send application/json or {FormType}.");
        }

        var request = context.Request.HasFormContentType ? await ReadFormAsync(context.Request, cancellationToken) : await ReadJsonAsync(context.Request, cancellationToken);
        if (request?.Token is not { } token)
        {
            return ApiResults.Invalid("Send token, the text that the device presented.");
        }

        if (AskedScopes.Parse(string.IsNullOrEmpty(request.Scope) ? [] : [request.Scope]) is not { } asked)
        {
            return ApiResults.Invalid(AskedScopes.Wanted);
        }

        context.Response.Headers.CacheControl = "no-store";
        // What cannot be a token is a question all the same: the service passes on what it was sent.
        var state = token.Length is 0 or > TokenLength ? null : await introspection.IntrospectAsync(token, cancellationToken);
        return TypedResults.Json(Answer(state, asked));
    }

    private static IntrospectAnswer Answer(TokenState? state, List<PermissionScope> asked) => state is null
        ? new IntrospectAnswer(false)
        : new IntrospectAnswer(
            true, "Bearer", state.UserId, state.DeviceId, state.DeviceType, string.Join(' ', state.Scopes.Select(ScopeNames.Of)),
            new DateTimeOffset(state.ExpiresAt, TimeSpan.Zero).ToUnixTimeSeconds(), asked.Count == 0 ? null : !asked.Except(state.Scopes).Any(), state.DeviceId);

    private static async Task<IntrospectRequest?> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var form = await request.ReadFormAsync(cancellationToken);
            return new IntrospectRequest(form.TryGetValue("token", out var token) ? token.ToString() : null, form["scope"]);
        }
        catch (InvalidDataException)
        {
            return null; // not a form, whatever its type says
        }
    }

    private static async Task<IntrospectRequest?> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFromJsonAsync<IntrospectRequest>(cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
