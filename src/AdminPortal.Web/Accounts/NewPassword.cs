namespace AdminPortal.Web.Accounts;

/// <summary>What forms for a new password post.</summary>
public sealed class NewPassword
{
    public string Current { get; set; } = "";
    public string Password { get; set; } = "";
    public string Again { get; set; } = "";

    /// <summary>Also revoke the devices that were paired since the last choice of a password.</summary>
    public bool RevokeDevices { get; set; }

    /// <summary>A sentence when the two differ.</summary>
    internal string? Mismatch => Password == Again ? null : "The two new passwords differ.";
}
