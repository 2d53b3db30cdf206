using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>
/// A host of the guides, made by its own program: users, tasks and focus sessions as this release knows them, one column more,
/// a table of its own, 500 people and 2,000 tasks. It stands behind <c>staging</c>.
/// </summary>
internal static class GuideHost
{
    public const string Schema =
        """
        CREATE TABLE public.users (
            id text CONSTRAINT users_pkey PRIMARY KEY, email text NOT NULL, name text, "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
            "updatedAt" timestamp(3) NOT NULL, theme text NOT NULL DEFAULT 'light');
        CREATE UNIQUE INDEX users_email_key ON public.users (email);
        CREATE TABLE public.tasks (
            id text CONSTRAINT tasks_pkey PRIMARY KEY, "userId" text NOT NULL CONSTRAINT "tasks_userId_fkey" REFERENCES public.users (id) ON UPDATE CASCADE ON DELETE CASCADE,
            title text NOT NULL, notes text, status text NOT NULL DEFAULT 'open', "dueAt" timestamp(3), "completedAt" timestamp(3),
            "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" timestamp(3) NOT NULL);
        CREATE TABLE public.focus_sessions (
            id text CONSTRAINT focus_sessions_pkey PRIMARY KEY, "userId" text NOT NULL CONSTRAINT "focus_sessions_userId_fkey" REFERENCES public.users (id) ON UPDATE CASCADE ON DELETE CASCADE,
            "taskId" text CONSTRAINT "focus_sessions_taskId_fkey" REFERENCES public.tasks (id) ON UPDATE CASCADE ON DELETE SET NULL,
            "startedAt" timestamp(3) NOT NULL, "endedAt" timestamp(3), "durationSeconds" integer NOT NULL,
            "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" timestamp(3) NOT NULL);
        CREATE TABLE public.invoices (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "userId" text NOT NULL REFERENCES public.users (id), amount numeric(9,2) NOT NULL);
        INSERT INTO public.users (id, email, name, "updatedAt") SELECT 'u' || i, 'u' || i || '@example.org', 'Person ' || i, now() FROM generate_series(1, 500) i;
        INSERT INTO public.tasks (id, "userId", title, "updatedAt") SELECT 't' || i, 'u' || (i % 500 + 1), 'Task ' || i, now() FROM generate_series(1, 2000) i;
        INSERT INTO public.focus_sessions (id, "userId", "startedAt", "durationSeconds", "updatedAt") SELECT 's' || i, 'u' || i, now(), 60, now() FROM generate_series(1, 100) i;
        INSERT INTO public.invoices ("userId", amount) SELECT 'u' || i, i FROM generate_series(1, 50) i;
        """;

    /// <param name="more">SQL of the host's that makes it differ.</param>
    /// <param name="owner">Changes the connection string with which the portal works on it as its owner.</param>
    public static async Task<OperationsWorld> CreateAsync(PostgresCluster cluster, string? more = null, Func<string, string>? owner = null)
    {
        var world = await OperationsWorld.CreateAsync(cluster, owner: owner);
        await world.ExecuteAsync(Schema);
        if (more is not null)
            await world.ExecuteAsync(more);
        return world;
    }
}
