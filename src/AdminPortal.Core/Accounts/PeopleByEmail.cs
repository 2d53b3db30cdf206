using AdminPortal.Core.Targets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Accounts;

/// <summary>A person of the primary target.</summary>
public sealed record PersonFound(string Id, string? Name);

/// <summary>Finds whom an account could belong to.</summary>
public sealed class PeopleByEmail(DeviceDatabases databases, ILookupNormalizer normalizer)
{
    /// <summary>More are not told apart by looking at a list.</summary>
    public const int Limit = 10;

    /// <summary>The people of this address, in any case, at most <see cref="Limit"/>; null: the database cannot be asked now.</summary>
    public async Task<IReadOnlyList<PersonFound>?> FindAsync(string email, CancellationToken cancellationToken)
    {
        var (typed, normalized) = (email.Trim().ToUpperInvariant(), normalizer.NormalizeEmail(email.Trim()));
        try
        {
            await using var db = databases.CreateDbContext();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // becomes SQL
            return await db.Users.AsNoTracking().Where(u => u.Email.ToUpper() == typed || u.Email.ToUpper() == normalized)
                .OrderBy(u => u.Id).Take(Limit).Select(u => new PersonFound(u.Id, u.Name)).ToListAsync(cancellationToken);
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            return null;
        }
    }
}
