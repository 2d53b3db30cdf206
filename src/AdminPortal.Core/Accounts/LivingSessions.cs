using AdminPortal.Data;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Accounts;

/// <summary>The one definition of a session that counts. The database's clock decides.</summary>
internal static class LivingSessions
{
    public static IQueryable<AccountSession> Of(PortalDbContext db, AccountSessionOptions options)
    {
        double idle = -options.IdleMinutes * 60.0, absolute = -options.Absolute.TotalSeconds;
        double programIdle = -options.ProgramIdleDays * 86_400.0, programAbsolute = -options.ProgramAbsolute.TotalSeconds;
        return from s in db.AccountSessions
               join a in db.Accounts on s.AccountId equals a.Id
               where s.EndedAt == null && a.DisabledAt == null && a.SecurityStamp == s.SecurityStamp
                   && s.StartedAt > DatabaseClock.Now().AddSeconds(s.Kind == AccountSessionKind.Program ? programAbsolute : absolute)
                   && s.LastSeenAt > DatabaseClock.Now().AddSeconds(s.Kind == AccountSessionKind.Program ? programIdle : idle)
               select s;
    }
}
