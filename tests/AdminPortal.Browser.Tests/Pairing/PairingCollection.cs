namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>Pairings of one person, one after the other: the page shows whichever device of theirs waits.</summary>
[CollectionDefinition(Name)]
public sealed class PairingCollection
{
    public const string Name = "Pairing";
}
