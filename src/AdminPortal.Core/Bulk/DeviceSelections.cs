using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Bulk;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Bulk;

/// <summary>
/// Freezes the devices of a bulk act before its impact is shown, so that what was previewed is what runs, however the list
/// changes meanwhile. For admins; a selection belongs to the account that made it.
/// </summary>
public sealed class DeviceSelections(IDbContextFactory<DeviceDbContext> databases)
{
    /// <summary>How many devices can be picked one by one.</summary>
    public const int PickedLimit = 1000;

    /// <summary>How many devices a filter may match.</summary>
    public const int FilterLimit = 100_000;

    /// <summary>These pairings, as picked in a list.</summary>
    public async Task<SelectionOutcome> FreezeAsync(Actor actor, IReadOnlyCollection<string> pairingIds, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return pairingIds.Count > PickedLimit
            ? new SelectionOutcome.TooMany(PickedLimit)
            : await FreezeAsync(actor, "picked in the list", db => Task.FromResult(db.DevicePairings.Where(p => pairingIds.Contains(p.Id))), cancellationToken);
    }

    /// <summary>All that the filter matches now.</summary>
    public async Task<SelectionOutcome> FreezeAsync(Actor actor, DeviceFilter filter, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return await FreezeAsync(actor, DeviceFilterWords.Of(filter), db => DeviceList.MatchingAsync(db, actor, filter, cancellationToken), cancellationToken);
    }

    /// <summary>All devices of one person.</summary>
    /// <param name="person">The person's name, for the record.</param>
    public async Task<SelectionOutcome> FreezeAsync(Actor actor, string userId, string person, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        return await FreezeAsync(actor, $"all devices of {person}", db => Task.FromResult(db.DevicePairings.Where(p => p.UserId == userId)), cancellationToken);
    }

    private async Task<SelectionOutcome> FreezeAsync(
        Actor actor, string description, Func<DeviceDbContext, Task<IQueryable<DevicePairing>>> which, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return new SelectionOutcome.NotAllowed();
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var selection = new DeviceSelection { Id = Ids.New(), ActorId = actor.Id, Description = description };
        db.DeviceSelections.Add(selection);
        await db.SaveChangesAsync(cancellationToken);

        var count = await InsertAsync((await which(db)).Select(p => p.Id).Take(FilterLimit + 1), selection.Id, cancellationToken);
        if (count is 0 or > FilterLimit)
        {
            return count == 0 ? new SelectionOutcome.Empty() : new SelectionOutcome.TooMany(FilterLimit); // nothing is kept
        }

        await transaction.CommitAsync(cancellationToken);
        return new SelectionOutcome.Frozen(selection.Id, count);
    }

    /// <summary>One INSERT … SELECT around the query as it would be read: the ids never leave the database.</summary>
    private static async Task<int> InsertAsync(IQueryable<string> ids, string selectionId, CancellationToken cancellationToken)
    {
        await using var command = ids.CreateDbCommand();
#pragma warning disable CA2100 // the text is EF Core's own, with its parameters; nothing of a person is in it
        command.CommandText =
            $"""
             INSERT INTO portal.device_selection_items ("selectionId", position, "pairingId")
             SELECT @selection_of_items, row_number() OVER (ORDER BY f.id), f.id FROM ({command.CommandText}) AS f(id)
             """;
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter("selection_of_items", selectionId));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
