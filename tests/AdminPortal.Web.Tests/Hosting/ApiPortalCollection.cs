namespace AdminPortal.Web.Tests.Hosting;

/// <summary>The test classes that share one <see cref="ApiPortal"/>.</summary>
[CollectionDefinition(Name)]
public sealed class ApiPortalCollection : ICollectionFixture<ApiPortal>
{
    public const string Name = "API";
}
