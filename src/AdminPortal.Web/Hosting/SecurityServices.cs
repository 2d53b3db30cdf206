using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Accounts;
using AdminPortal.Web.Devices;
using AdminPortal.Web.ServiceKeys;
using AdminPortal.Web.SignInProviders;
using AdminPortal.Web.Sync;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Hosting;

/// <summary>Who is who, who may do what, and how the API says no.</summary>
internal static class SecurityServices
{
    public static void AddPortalSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSignIn(configuration);
        services.AddSingleton<ProviderSignOut>();
        services.AddAuthorization(Policies.Add);
        services.AddRateLimiter(SignInLimit.Add);
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<StartedSignIn>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => ApiProblem.Complete(context.ProblemDetails));
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddExceptionHandler<PageExceptionHandler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // ApiExceptionHandler answers
        services.AddAntiforgery(options =>
        {
            options.HeaderName = ApiAntiforgery.Header;
        });
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<PortalOptions>>(
            (options, portal) => (options.Cookie.Name, options.Cookie.SecurePolicy) = (PortalCookies.NameOf("adminportal-csrf", portal.Value), PortalCookies.Secure(portal.Value)));
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, AccountRevalidation>();
        services.AddScoped<CircuitHandler, SessionUse>();
        services.Configure<KestrelServerOptions>(options => options.AddServerHeader = false);
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
    }

    /// <summary>The order in which a request meets the security of the portal. Ends before the endpoints.</summary>
    public static void UsePortalSecurity(this WebApplication app)
    {
        app.UseKnownProxies();
        app.UseSecurityHeaders();
        app.UseHeadOfPages();
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
        app.UseDeviceApi();
        app.UseRoutingRefusals();
        app.UseRateLimiter();
        app.UseSyncRecording();
        app.UseRefusalRecord();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseCircuitRules();
        app.UseSyncIntake();
        app.UseApiAntiforgery();
        app.UseAntiforgery();
    }

    /// <summary>
    /// A wrong method or content type leads to endpoints of the routing itself, which no policy is meant for: without this a
    /// device that sends no JSON would hear that it has to sign in.
    /// </summary>
    private static void UseRoutingRefusals(this IApplicationBuilder app) => app.Use((context, next) =>
        ApiProblem.IsApi(context) && context.GetEndpoint() is { RequestDelegate: { } refuse } and not RouteEndpoint ? refuse(context) : next(context));

    private static void AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        var authentication = services.AddAuthentication(PortalSchemes.Portal);
        authentication.AddPolicyScheme(PortalSchemes.Portal, null, options => options.ForwardDefaultSelector = PortalSchemes.Select);
        authentication.AddCookie(PortalSchemes.Cookie);
        authentication.AddBearerToken(IdentityConstants.BearerScheme);
        services.AddOptions<BearerTokenOptions>(IdentityConstants.BearerScheme).Configure<IOptions<AccountSessionOptions>>(
            (options, sessions) =>
            {
                options.RefreshTokenExpiration = sessions.Value.ProgramAbsolute; // the session's row may end it before
                options.Events.OnMessageReceived = ReadBearer;
            });
        authentication.AddScheme<AuthenticationSchemeOptions, PersonBearerHandler>(PortalSchemes.PersonBearer, null);
        authentication.AddScheme<AuthenticationSchemeOptions, DeviceAuthentication>(PortalSchemes.Device, null);
        authentication.AddScheme<AuthenticationSchemeOptions, ServiceAuthentication>(PortalSchemes.Service, null);
        authentication.AddScheme<AuthenticationSchemeOptions, DirectoryAuthentication>(PortalSchemes.Directory, null);
        authentication.AddProviders(configuration);
        services.AddHttpContextAccessor();
        services.AddOptions<CookieAuthenticationOptions>(PortalSchemes.Cookie).Configure<IOptions<PortalOptions>, IOptions<AccountSessionOptions>>((options, portal, sessions) =>
        {
            options.Cookie.Name = PortalCookies.NameOf("adminportal", portal.Value);
            options.Cookie.Path = "/";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = PortalCookies.Secure(portal.Value);
            options.ExpireTimeSpan = sessions.Value.Absolute; // the session's row may end it before
            options.SlidingExpiration = false;
            options.LoginPath = "/sign-in";
            options.AccessDeniedPath = "/not-allowed";
            options.ReturnUrlParameter = "returnUrl";
            options.Events.OnValidatePrincipal = SessionCookie.ValidateAsync;
            options.Events.OnRedirectToLogin = context => RedirectOrRefuse(context, ApiProblem.Unauthorized());
            options.Events.OnRedirectToAccessDenied = context => RedirectOrRefuse(context, ApiProblem.Forbidden());
        });
    }

    /// <summary>The word Bearer in any case, as the standard has it; the framework reads one spelling only.</summary>
    private static Task ReadBearer(MessageReceivedContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        context.Token = header.StartsWith(PortalSchemes.Bearer, StringComparison.OrdinalIgnoreCase) ? header[PortalSchemes.Bearer.Length..].Trim() : null;
        return Task.CompletedTask;
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
}
