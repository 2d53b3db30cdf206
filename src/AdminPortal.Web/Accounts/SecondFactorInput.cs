namespace AdminPortal.Web.Accounts;

/// <summary>What the forms of the second factor post.</summary>
public sealed class SecondFactorInput
{
    public string Password { get; set; } = "";

    public string Code { get; set; } = "";
}
