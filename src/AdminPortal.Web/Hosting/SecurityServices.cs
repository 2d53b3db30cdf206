using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Accounts;
using AdminPortal.Web.Devices;
using AdminPortal.Web.ServiceKeys;
using AdminPortal.Web.Sync;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>Who is who, who may do what, and how the API says no.</summary>
internal static class SecurityServices
{
    public static void AddPortalSecurity(this IServiceCollection services)
    {
        services.AddSignIn();
        services.AddAuthorization(Policies.Add);
        services.AddRateLimiter(SignInLimit.Add);
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => ApiProblem.Complete(context.ProblemDetails));
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddExceptionHandler<PageExceptionHandler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // ApiExceptionHandler answers
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "adminportal-csrf";
            options.HeaderName = ApiAntiforgery.Header;
        });
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<PortalOptions>>(
            (options, portal) => options.Cookie.SecurePolicy = Secure(portal.Value));
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, AccountRevalidation>();
        services.Configure<KestrelServerOptions>(options => options.AddServerHeader = false);
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
    }

    /// <summary>The order in which a request meets the security of the portal. Ends before the endpoints.</summary>
    public static void UsePortalSecurity(this WebApplication app)
    {
        app.UseKnownProxies();
        app.UseSecurityHeaders();
        app.UseWhen(context => !ApiProblem.IsApi(context), pages =>
        {
            pages.UseExceptionHandler();
            pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
            pages.UsePageRefusals();
        });
        app.UseWhen(ApiProblem.IsApi, api =>
        {
            api.UseExceptionHandler();
            api.UseStatusCodePages(context => ApiProblem.WriteAsync(context.HttpContext, ApiProblem.For(context.HttpContext.Response.StatusCode)));
        });
        var publicUrl = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.PublicUrl;
        if (!app.Environment.IsDevelopment() && publicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            app.UseHsts();
        }

        app.UseRouting();
        app.UseRoutingRefusals();
        app.UseRateLimiter();
        app.UseSyncRecording();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseApiAntiforgery();
        app.UseAntiforgery();
    }

    /// <summary>
    /// A wrong method or content type leads to endpoints of the routing itself, which no policy is meant for: without this a
    /// device that sends no JSON would hear that it has to sign in.
    /// </summary>
    private static void UseRoutingRefusals(this IApplicationBuilder app) => app.Use((context, next) =>
        ApiProblem.IsApi(context) && context.GetEndpoint() is { RequestDelegate: { } refuse } and not RouteEndpoint ? refuse(context) : next(context));

    private static void AddSignIn(this IServiceCollection services)
    {
        var authentication = services.AddAuthentication(PortalSchemes.Portal);
        authentication.AddPolicyScheme(PortalSchemes.Portal, null, options => options.ForwardDefaultSelector = PortalSchemes.Select);
        authentication.AddIdentityCookies();
        authentication.AddBearerToken(IdentityConstants.BearerScheme);
        authentication.AddScheme<AuthenticationSchemeOptions, PersonBearerHandler>(PortalSchemes.PersonBearer, null);
        authentication.AddScheme<AuthenticationSchemeOptions, DeviceAuthentication>(PortalSchemes.Device, null);
        authentication.AddScheme<AuthenticationSchemeOptions, ServiceAuthentication>(PortalSchemes.Service, null);
        services.AddHttpContextAccessor();
        services.AddScoped<SignInManager<Account>>();
        services.AddScoped<ISecurityStampValidator, SecurityStampValidator<Account>>();
        services.AddScoped<ITwoFactorSecurityStampValidator, TwoFactorSecurityStampValidator<Account>>();
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = SignInRules.Revalidation);
        services.AddOptions<CookieAuthenticationOptions>(PortalSchemes.Cookie).Configure<IOptions<PortalOptions>>((options, portal) =>
        {
            options.Cookie.Name = "adminportal";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = Secure(portal.Value);
            options.ExpireTimeSpan = TimeSpan.FromHours(8);
            options.SlidingExpiration = true;
            options.LoginPath = "/sign-in";
            options.AccessDeniedPath = "/not-allowed";
            options.ReturnUrlParameter = "returnUrl";
            options.Events.OnRedirectToLogin = context => RedirectOrRefuse(context, ApiProblem.Unauthorized());
            options.Events.OnRedirectToAccessDenied = context => RedirectOrRefuse(context, ApiProblem.Forbidden());
        });
    }

    /// <summary>Pages lead to the sign-in page; the API says 401 or 403.</summary>
    private static Task RedirectOrRefuse(RedirectContext<CookieAuthenticationOptions> context, Microsoft.AspNetCore.Mvc.ProblemDetails problem)
    {
        if (ApiProblem.IsApi(context.HttpContext))
        {
            context.Response.Headers.WWWAuthenticate = problem.Status == StatusCodes.Status401Unauthorized ? "Bearer" : default(string);
            return ApiProblem.WriteAsync(context.HttpContext, problem);
        }

        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    /// <summary>Only a portal reached by plain http (on the own machine, or with --lan) has cookies without Secure.</summary>
    private static CookieSecurePolicy Secure(PortalOptions portal) =>
        portal.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
}
