using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AdminPortal.Core.Mail;

/// <summary>Section <c>Smtp</c>. Without <see cref="Host"/> the portal sends no mail, and admins hand out reset links.</summary>
public sealed class SmtpOptions
{
    public const string Section = "Smtp";

    public string? Host { get; set; }
    public int Port { get; set; } = 587;
    public string? UserName { get; set; }
    public string? Password { get; set; }
    public string? From { get; set; }

    /// <summary><c>StartTls</c> unless the server wants <c>SslOnConnect</c>, or <c>None</c> on the portal's own machine.</summary>
    public SecureSocketOptions Security { get; set; } = SecureSocketOptions.StartTls;

    public bool Configured => !string.IsNullOrWhiteSpace(Host);
}

internal sealed class SmtpOptionsValidator : IValidateOptions<SmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpOptions options) =>
        !options.Configured || MailboxAddress.TryParse(options.From, out _)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Smtp:From must be the address that mail of the portal comes from, such as portal@example.org, when Smtp:Host is set.");
}
