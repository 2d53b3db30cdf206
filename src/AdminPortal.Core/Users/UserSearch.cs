using System.Linq.Expressions;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Users;

/// <summary>Finds users by words of their name or address; words that no user has are looked for among the names and kinds of their devices.</summary>
internal sealed class UserSearch
{
    private readonly Expression<Func<AppUser, bool>> condition;

    private UserSearch(Expression<Func<AppUser, bool>> condition) => this.condition = condition;

    /// <summary>Null: nothing was typed.</summary>
    public static async Task<UserSearch?> ReadAsync(DeviceDbContext db, string? text, CancellationToken cancellationToken)
    {
        if (await SearchWords.ReadAsync(db, text, cancellationToken) is not { } words)
        {
            return null;
        }

        List<Expression<Func<AppUser, bool>>> own = [], ofDevices = [];
        foreach (var word in words.All)
        {
            var has = SearchTexts.User(word);
            if (await db.Users.AsNoTracking().AnyAsync(has, cancellationToken))
            {
                own.Add(has);
            }
            else
            {
                var devices = db.DevicePairings.Where(SearchTexts.Device(word));
                ofDevices.Add(u => devices.Any(p => p.UserId == u.Id));
            }
        }

        // A device's word alone names no user.
        return new UserSearch(own.Count == 0 ? u => false : own.Concat(ofDevices).Aggregate(SearchTexts.Both));
    }

    public IQueryable<AppUser> In(IQueryable<AppUser> users) => users.Where(condition);
}
