using System.IO.Compression;
using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// What holds for the calls of devices: their bodies may come compressed, within the limits of plain ones, and web apps of other origins
/// may make them where <c>Portal:AllowedOrigins</c> names those. They never do so with cookies.
/// </summary>
internal static class DeviceApi
{
    private const string Origins = "devices";
    private static readonly string[] Encodings = ["gzip", "br"];

    public static void AddDeviceApi(this IServiceCollection services)
    {
        services.AddResponseCompression(options => (options.EnableForHttps, options.MimeTypes) = (true, ["application/json", "application/x-ndjson"]));
        services.AddRequestDecompression(options => options.DecompressionProviders.Remove("deflate")); // it means two things, and programs disagree which
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<PortalOptions>>((cors, portal) => cors.AddPolicy(Origins, policy => policy
            .WithOrigins([.. portal.Value.AllowedOrigins]).AllowAnyMethod().AllowAnyHeader()
            .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, HeaderNames.AcceptEncoding).SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }

    /// <summary>The endpoints that devices call.</summary>
    public static RouteGroupBuilder MapDeviceApi(this IEndpointRouteBuilder api)
    {
        var devices = api.MapGroup("").WithMetadata(new OfDevices());
        return api.ServiceProvider.GetRequiredService<IOptions<PortalOptions>>().Value.AllowedOrigins.Count > 0 ? devices.RequireCors(Origins) : devices;
    }

    /// <summary>For answers without a secret: the length of a compressed one tells what is in it.</summary>
    public static RouteGroupBuilder WithCompressedAnswers(this RouteGroupBuilder group) => group.WithMetadata(new Compressed());

    /// <summary>Once the endpoint is known, and before anybody reads the body.</summary>
    public static void UseDeviceApi(this IApplicationBuilder app)
    {
        app.UseCors();
        app.UseWhen(Has<OfDevices>, devices =>
        {
            devices.Use(ReadPackedAsync);
            devices.UseRequestDecompression();
        });
        app.UseWhen(Has<Compressed>, devices => devices.UseResponseCompression());
    }

    private static async Task ReadPackedAsync(HttpContext context, RequestDelegate next)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !Encodings.Contains(encoding, StringComparer.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = string.Join(", ", Encodings);
            await ApiResults.Problem(415, "content-encoding-unsupported", "The body is packed in a way that the portal does not know.", "Send it plain, or in one of the encodings of Accept-Encoding.")
                .ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception broken) when (encoding.Length > 0 && (broken is InvalidDataException || broken.Source == typeof(BrotliStream).Assembly.GetName().Name))
        {
            throw new BadHttpRequestException("The body is not what Content-Encoding says.", StatusCodes.Status400BadRequest, broken);
        }
    }

    private static bool Has<T>(HttpContext context)
        where T : class => context.GetEndpoint()?.Metadata.GetMetadata<T>() is not null;

    /// <summary>Marks the endpoints that devices call.</summary>
    internal sealed record OfDevices;

    private sealed record Compressed;
}
