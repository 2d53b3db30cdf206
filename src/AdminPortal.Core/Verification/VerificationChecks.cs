using AdminPortal.Core.Accounts;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Verification.Checks;

namespace AdminPortal.Core.Verification;

/// <summary>All checks, the cheapest first: those that ask nothing, those that ask the catalogue, those that call, those that read tables.</summary>
internal sealed class VerificationChecks(EndpointProbe probe, SyncLineage lineage, AccountLinks links)
{
    public IReadOnlyList<VerificationCheck> All { get; } =
    [
        new IdentityCheck(), new PendingMigrationsCheck(), new HistoryAgreesCheck(), new PrismaHistoryCheck(), new ModelCheck(),
        new TablesCheck(), new ColumnsCheck(), new CaseTwinsCheck(), new HostColumnsCheck(), new EnumsCheck(), new PrimaryKeysCheck(),
        new IndexesCheck(), new InvalidIndexesCheck(), new DuplicateIndexesCheck(), new ForeignKeysCheck(), new ForeignKeyIndexesCheck(),
        new ConstraintsCheck(), new TriggersCheck(), new MappingCheck(), new AccountLinksCheck(links),
        new SequencesCheck(), new RolesCheck(), new SizesCheck(), new RoundTripCheck(), new SyncLineageCheck(lineage),
        new PortalApiCheck(probe), new HostApiCheck(probe),
        new OrphanPermissionsCheck(), new OrphansCheck(), new DuplicateClientIdsCheck(), new ExpiredPairingsCheck(), new TokensCheck(), new FullAccessCheck(),
    ];
}
