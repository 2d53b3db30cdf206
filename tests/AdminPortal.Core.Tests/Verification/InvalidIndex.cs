using Npgsql;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>What a concurrent build leaves behind when it meets duplicates.</summary>
internal static class InvalidIndex
{
    private const string Duplicates = """
        INSERT INTO public.users (id, email, "updatedAt") VALUES ('u', 'una@example.org', now());
        INSERT INTO public.tasks (id, "userId", title, "updatedAt", "clientId") SELECT n, 'u', 't', now(), 'twice' FROM unnest(ARRAY['1', '2']) n
        """;

    /// <summary>Instead of the index of the release on tasks.clientId; the duplicates are gone at the end unless they are to stay.</summary>
    public static async Task<PostgresException> LeaveAsync(VerificationWorld world, string name, bool keepDuplicates = false)
    {
        await world.ExecuteAsync("""DROP INDEX public."tasks_clientId_key" """);
        await world.ExecuteAsync(Duplicates);
        var failure = await Assert.ThrowsAsync<PostgresException>(() => world.ExecuteAsync($"""CREATE UNIQUE INDEX CONCURRENTLY "{name}" ON public.tasks ("clientId")"""));
        if (!keepDuplicates)
            await world.ExecuteAsync("DELETE FROM public.tasks WHERE id = '2'");
        return failure;
    }
}
