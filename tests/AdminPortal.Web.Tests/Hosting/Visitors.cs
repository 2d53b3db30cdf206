namespace AdminPortal.Web.Tests.Hosting;

/// <summary>The kinds of visitors that a route can let in.</summary>
[Flags]
internal enum Visitors
{
    Anonymous = 1,
    User = 2,
    Support = 4,
    Admin = 8,
    Device = 16,
    Service = 32,
    Provisioner = 64,
}
