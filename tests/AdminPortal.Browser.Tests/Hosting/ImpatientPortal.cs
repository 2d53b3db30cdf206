namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>A portal of its own for tests that stop it, kill its database, or wait until a code has run out.</summary>
public sealed class ImpatientPortal : RunningPortal
{
    protected override Dictionary<string, string> Settings => new(base.Settings)
    {
        ["Pairing__CodeSeconds"] = "30",
        ["Pairing__Renewals"] = "1",
    };
}

/// <summary>Tests of <see cref="ImpatientPortal"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ImpatientPortalCollection : ICollectionFixture<ImpatientPortal>
{
    public const string Name = "A portal of its own";
}
