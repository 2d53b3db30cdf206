using Microsoft.Extensions.Options;

namespace AdminPortal.Core.OperatorNotices;

/// <summary>Section <c>Webhook</c>: where the portal tells what happened. Without <see cref="Url"/> it calls nobody.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhook";
    internal const int LeastSecret = 16;

    public string? Url { get; set; }

    /// <summary>Signs every call; the receiver has the same.</summary>
    public string? Secret { get; set; }

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Url);
}

internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options) => options switch
    {
        { IsConfigured: false } => ValidateOptionsResult.Success,
        _ when !Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp) =>
            ValidateOptionsResult.Fail("Webhook:Url must be a whole address, such as https://hooks.example.org/adminportal."),
        { Secret: not { Length: >= WebhookOptions.LeastSecret } } =>
            ValidateOptionsResult.Fail($"Webhook:Secret signs the calls: give it at least {WebhookOptions.LeastSecret} characters, and the receiver the same."),
        _ => ValidateOptionsResult.Success,
    };
}
