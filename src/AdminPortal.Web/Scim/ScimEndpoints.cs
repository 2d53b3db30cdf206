using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using AdminPortal.Core.Scim;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Scim;

/// <summary><c>/scim/v2</c>: directories make, change and disable accounts (RFC 7644). There are users, and no groups.</summary>
internal static class ScimEndpoints
{
    public const string Root = "/scim/v2";
    private const int BodyLimit = 64 * 1024;

    public static void MapScim(this IEndpointRouteBuilder app)
    {
        var scim = app.MapGroup(Root).RequireAuthorization(Policies.Directory).ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(BodyLimit));
        scim.MapGet("/ServiceProviderConfig", (IOptions<PortalOptions> portal) => ScimAnswer.Json(ScimDescription.ServiceProvider(Address(portal))));
        scim.MapGet("/ResourceTypes", (IOptions<PortalOptions> portal) => ScimAnswer.Json(ScimAnswer.List([ScimDescription.ResourceType(Address(portal))], 1)));
        scim.MapGet("/ResourceTypes/{id}", (string id, IOptions<PortalOptions> portal) => id == "User" ? ScimAnswer.Json(ScimDescription.ResourceType(Address(portal))) : ScimAnswer.Error(404, "There is no such type."));
        scim.MapGet("/Schemas", (IOptions<PortalOptions> portal) => ScimAnswer.Json(ScimAnswer.List([ScimDescription.Schema(Address(portal))], 1)));
        scim.MapGet("/Schemas/{id}", (string id, IOptions<PortalOptions> portal) => id == ScimAnswer.UserSchema ? ScimAnswer.Json(ScimDescription.Schema(Address(portal))) : ScimAnswer.Error(404, "There is no such schema."));
        scim.MapGet("/Users", ListAsync);
        scim.MapPost("/Users", CreateAsync);
        scim.MapGet("/Users/{id}", FindAsync);
        scim.MapPut("/Users/{id}", ReplaceAsync);
        scim.MapPatch("/Users/{id}", PatchAsync);
        scim.MapDelete("/Users/{id}", RemoveAsync);
    }

    private static string Address(IOptions<PortalOptions> portal) => portal.Value.PublicUrl.TrimEnd('/') + Root;

    private static Task<IResult> ListAsync(HttpContext context, string? filter, string? startIndex, string? count, ScimUsers users, IOptions<PortalOptions> portal) => AnswerAsync(async () =>
    {
        var from = Math.Max(1, Number(startIndex, 1));
        var list = await users.ListAsync(ScimBody.Filter(filter), from, Number(count, 100), context.RequestAborted);
        return ScimAnswer.Json(ScimAnswer.List(list.Rows.Select(row => ScimAnswer.User(row, portal.Value.PublicUrl)), list.Total, from));
    });

    private static async Task<IResult> FindAsync(HttpContext context, string id, ScimUsers users, IOptions<PortalOptions> portal) => Answer(await users.FindAsync(id, context.RequestAborted), portal);

    private static Task<IResult> CreateAsync(HttpContext context, ScimUsers users, IOptions<PortalOptions> portal) => AnswerAsync(async () =>
    {
        var outcome = await users.CreateAsync(Directory(context), context.RemoteAddress(), ScimBody.User(await BodyAsync(context), isActive: true), context.RequestAborted);
        if (outcome is not ScimOutcome.Done { Row: var row })
        {
            return ScimAnswer.Error(outcome);
        }

        context.Response.Headers.Location = ScimAnswer.Location(row, portal.Value.PublicUrl);
        return ScimAnswer.Json(ScimAnswer.User(row, portal.Value.PublicUrl), StatusCodes.Status201Created);
    });

    private static Task<IResult> ReplaceAsync(HttpContext context, string id, ScimUsers users, IOptions<PortalOptions> portal) =>
        ChangeAsync(context, id, users, portal, (user, body) => ScimBody.User(body, user.Active));

    private static Task<IResult> PatchAsync(HttpContext context, string id, ScimUsers users, IOptions<PortalOptions> portal) => ChangeAsync(context, id, users, portal, ScimBody.Patched);

    private static Task<IResult> ChangeAsync(HttpContext context, string id, ScimUsers users, IOptions<PortalOptions> portal, Func<ScimUser, JsonElement, ScimUser> change) => AnswerAsync(async () =>
        await users.FindAsync(id, context.RequestAborted) is ScimOutcome.Done { Row.User: var user }
            ? Answer(await users.ReplaceAsync(Directory(context), context.RemoteAddress(), id, change(user, await BodyAsync(context)), context.RequestAborted), portal)
            : ScimAnswer.Error(new ScimOutcome.NotFound()));

    private static async Task<IResult> RemoveAsync(HttpContext context, string id, ScimUsers users) =>
        await users.RemoveAsync(Directory(context), context.RemoteAddress(), id, context.RequestAborted) is var outcome and not ScimOutcome.Done ? ScimAnswer.Error(outcome) : Results.NoContent();

    private static IResult Answer(ScimOutcome outcome, IOptions<PortalOptions> portal) =>
        outcome is ScimOutcome.Done { Row: var row } ? ScimAnswer.Json(ScimAnswer.User(row, portal.Value.PublicUrl)) : ScimAnswer.Error(outcome);

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (ScimBodyException refused)
        {
            return ScimAnswer.Error(StatusCodes.Status400BadRequest, refused.Message, refused.Type);
        }
    }

    /// <summary>Whatever type the directory names: some say application/json.</summary>
    private static async Task<JsonElement> BodyAsync(HttpContext context)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new ScimBodyException("invalidSyntax", "The body is not JSON.");
        }
    }

    private static AuthenticatedService Directory(HttpContext context) => new(context.User.FindFirstValue(Policies.DirectoryKeyClaim)!, context.User.Identity?.Name ?? "a directory");

    /// <summary>What is no number counts as not said (section 3.4.2.4).</summary>
    private static int Number(string? text, int otherwise) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
