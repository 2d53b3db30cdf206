using System.Text.Json;
using AdminPortal.Core.Introspection;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.ApiDescription;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Introspection;

/// <summary><c>POST /api/qr/introspect</c>: any service enforces scopes and revocation by one call (RFC 7662).</summary>
internal static class IntrospectionEndpoint
{
    private const int TokenLength = 512;
    private const string FormType = "application/x-www-form-urlencoded";

    public static void MapIntrospection(this IEndpointRouteBuilder api) =>
        api.MapPost("/qr/introspect", IntrospectAsync)
            .RequireAuthorization(Policies.Service)
            .WithTags("Introspection")
            .WithSummary("Ask about a device's token")
            .WithDescription(
                "RFC 7662, for services with a key (svc_…): as JSON, or as a form as the RFC has it. The answer is not in the envelope. Anything that is not a live "
                + "token is exactly {\"active\":false}. With scope, allowed says whether the device may do that now; FULL_ACCESS allows everything. Do not keep the answer.")
            .Accepts<IntrospectRequest>("application/json", FormType)
            .Produces<IntrospectAnswer>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(413).ProducesProblem(415)
            .WithMetadata(
                new ApiExample(
                    """{"token":"dvc_w6uP8Tcg6K2QR905Rms8iXTlksL6OD1KOWBxTK7wxPI","scope":"WRITE_NOTES"}""",
                    """{"active":true,"token_type":"Bearer","sub":"u1","device_id":"device-123","device_type":"MOBILE_IOS","scope":"WRITE_NOTES VIEW_TRANSCRIPT","exp":1900000000,"allowed":true}"""),
                ApiExample.Problem(401, "service-key-unknown", "The portal does not know this service key."));

    private static async Task<IResult> IntrospectAsync(HttpContext context, TokenIntrospection introspection, CancellationToken cancellationToken)
    {
        if (!context.Request.HasFormContentType && !context.Request.HasJsonContentType())
        {
            return ApiResults.Problem(415, "unsupported-media-type", "This body's type is not known.", $"Send application/json or {FormType}.");
        }

        var request = context.Request.HasFormContentType ? await ReadFormAsync(context.Request, cancellationToken) : await ReadJsonAsync(context.Request, cancellationToken);
        if (request?.Token is not { Length: > 0 and <= TokenLength } token)
        {
            return ApiResults.Invalid($"Send token, a text of at most {TokenLength} characters.");
        }

        PermissionScope? asked = null;
        if (!string.IsNullOrEmpty(request.Scope) && (asked = ScopeNames.Parse(request.Scope)) is null)
        {
            return ApiResults.Invalid($"scope is one of {string.Join(", ", ScopeLabels.All.Select(ScopeNames.Of))}, or absent.");
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(Answer(await introspection.IntrospectAsync(token, cancellationToken), asked));
    }

    private static IntrospectAnswer Answer(TokenState? state, PermissionScope? asked) => state is null
        ? new IntrospectAnswer(false)
        : new IntrospectAnswer(
            true, "Bearer", state.UserId, state.DeviceId, state.DeviceType, string.Join(' ', state.Scopes.Select(ScopeNames.Of)),
            new DateTimeOffset(state.ExpiresAt, TimeSpan.Zero).ToUnixTimeSeconds(), asked is { } scope ? state.Scopes.Contains(scope) : null);

    private static async Task<IntrospectRequest?> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var form = await request.ReadFormAsync(cancellationToken);
            return new IntrospectRequest(form["token"], form["scope"]);
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
