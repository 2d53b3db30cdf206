using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>Section <c>Sessions</c> of the configuration: how long a sign-in lives. A change holds for sessions that are there already.</summary>
public sealed class AccountSessionOptions
{
    public const string Section = "Sessions";

    /// <summary>A browser that did nothing for so many minutes is signed out.</summary>
    [Range(5, 43_200, ErrorMessage = "Sessions:IdleMinutes must be between 5 and 43200.")]
    public int IdleMinutes { get; set; } = 480;

    /// <summary>A browser is signed out so many hours after it signed in, whatever it did.</summary>
    [Range(1, 8_760, ErrorMessage = "Sessions:AbsoluteHours must be between 1 and 8760.")]
    public int AbsoluteHours { get; set; } = 24;

    /// <summary>A program whose refresh token was not used for so many days has to sign in again.</summary>
    [Range(1, 365, ErrorMessage = "Sessions:ProgramIdleDays must be between 1 and 365.")]
    public int ProgramIdleDays { get; set; } = 14;

    /// <summary>A program has to sign in again so many days after it did, whatever it did since.</summary>
    [Range(1, 3_650, ErrorMessage = "Sessions:ProgramAbsoluteDays must be between 1 and 3650.")]
    public int ProgramAbsoluteDays { get; set; } = 90;

    /// <summary>Pages that one account may have open at the same time, per portal instance: each holds memory.</summary>
    [Range(1, 10_000, ErrorMessage = "Sessions:OpenPages must be between 1 and 10000.")]
    public int OpenPages { get; set; } = 50;

    public TimeSpan Absolute => TimeSpan.FromHours(AbsoluteHours);

    public TimeSpan ProgramAbsolute => TimeSpan.FromDays(ProgramAbsoluteDays);
}

internal sealed class AccountSessionOptionsValidator : IValidateOptions<AccountSessionOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountSessionOptions options) => options switch
    {
        _ when options.IdleMinutes > options.Absolute.TotalMinutes => ValidateOptionsResult.Fail("Sessions:IdleMinutes must not be longer than Sessions:AbsoluteHours."),
        _ when options.ProgramIdleDays > options.ProgramAbsoluteDays => ValidateOptionsResult.Fail("Sessions:ProgramIdleDays must not be more than Sessions:ProgramAbsoluteDays."),
        _ => ValidateOptionsResult.Success,
    };
}
