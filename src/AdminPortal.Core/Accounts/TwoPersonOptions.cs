namespace AdminPortal.Core.Accounts;

/// <summary>Section <c>TwoPersons</c> of the configuration: what one admin alone cannot do. The command line is not asked.</summary>
public sealed class TwoPersonOptions
{
    public const string Section = "TwoPersons";

    /// <summary>True: an account becomes an admin's when a second admin has confirmed it.</summary>
    public bool NewAdmins { get; set; }

    /// <summary>True: on a protected target a deployment is started by another admin than the one who approved its SQL.</summary>
    public bool Deployments { get; set; }
}
