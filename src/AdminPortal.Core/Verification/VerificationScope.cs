namespace AdminPortal.Core.Verification;

/// <summary>How far a verification goes.</summary>
/// <param name="WithData">Also the checks that read whole tables.</param>
/// <param name="PendingIsMeant">
/// True after a roll-back: what is expected is the catalogue of the migrations that the target still has, and those that are missing are no error.
/// </param>
public sealed record VerificationScope(bool WithData, bool PendingIsMeant = false)
{
    /// <summary>Catalogue, history and API; no table is read.</summary>
    public static VerificationScope CatalogueOnly { get; } = new(WithData: false);

    public static VerificationScope Everything { get; } = new(WithData: true);
}
