namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>Who sits in front of a browser.</summary>
public enum Person
{
    /// <summary>Not signed in.</summary>
    Nobody,
    User,
    Support,
    Admin,

    /// <summary>The administrator of <c>PORTAL_ADMIN_EMAIL</c>, who is no person of the managed database.</summary>
    FirstAdmin,
}
