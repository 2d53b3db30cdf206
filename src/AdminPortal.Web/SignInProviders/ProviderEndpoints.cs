using AdminPortal.Core.Accounts;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Web.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.SignInProviders;

/// <summary>
/// <c>GET /sign-in/with/NAME</c> leads to the provider. A link and no form: the pages' content policy lets no form lead to another site.
/// </summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/with/{provider}", BeginAsync).AllowAnonymous().ExcludeFromDescription();
        BackChannelSignOut.Map(routes);
    }

    private static async Task<IResult> BeginAsync(string provider, string? returnUrl, IOptions<SignInOptions> options, HttpContext context)
    {
        if (!options.Value.Providers.ContainsKey(provider))
        {
            return TypedResults.NotFound();
        }

        var target = LocalUrl.Or(returnUrl);
        try
        {
            await context.ChallengeAsync(ProviderSchemes.SchemeOf(provider), new AuthenticationProperties { RedirectUri = target });
            return TypedResults.Empty;
        }
        catch (Exception failure) when (ProviderEvents.Why(failure) is ProviderRefusal.Away)
        {
            await context.NoteAsync(provider, ProviderRefusal.Away);
            return TypedResults.LocalRedirect(ProviderWords.PageOf(ProviderRefusal.Away, provider, target));
        }
    }
}
