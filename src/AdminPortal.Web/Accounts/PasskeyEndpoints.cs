using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Accounts;

/// <summary>What the script of the pages asks for before it asks the browser for a passkey. The answers come back in the pages' forms.</summary>
internal static class PasskeyEndpoints
{
    public const string ToMake = "/account/passkeys/options", ToShow = "/sign-in/passkey/options";

    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.AddScoped<PasskeyCeremony>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<PortalOptions>>((options, portal) =>
        {
            var address = new Uri(portal.Value.PublicUrl);
            (options.ServerDomain, options.UserVerificationRequirement, options.ResidentKeyRequirement) = (address.Host, "required", "required");
            var origin = address.GetLeftPart(UriPartial.Authority);
            options.ValidateOrigin = asked => ValueTask.FromResult(asked.Origin == origin && !asked.CrossOrigin);
        });
    }

    public static void MapPasskeys(this IEndpointRouteBuilder app)
    {
        app.MapGet(ToShow, async (HttpContext context, PasskeyCeremony ceremony) => Json(context, await ceremony.BeginShowingAsync(context))).AllowAnonymous().ExcludeFromDescription();
        app.MapGet(ToMake, async (HttpContext context, PasskeyCeremony ceremony) =>
        {
            var actor = context.ToActor();
            await actor.DemandFreshAsync(context.RequestAborted);
            return Json(context, await ceremony.BeginMakingAsync(context, actor.Id));
        }).RequireAuthorization(Policies.SignedIn).ExcludeFromDescription();
    }

    private static IResult Json(HttpContext context, string options)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(options, "application/json");
    }
}
