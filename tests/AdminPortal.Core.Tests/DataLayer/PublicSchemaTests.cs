using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>A Prisma client, psql and the portal work on the same tables: they must be exactly these.</summary>
public sealed class PublicSchemaTests(PostgresCluster cluster)
{
    [Fact]
    public async Task PublicSchema_FreshlyMigrated_IsTheGuidesAndNothingElse()
    {
        await using var database = await cluster.CreateDeviceDatabaseAsync(TestContext.Current.CancellationToken);

        Catalogue.AssertEqual(PublicSchema.Lines, await Catalogue.ReadSchemaAsync(database.OwnerConnectionString, "public"));
    }

    [Theory] // each is one way of being wrong that the comparison has to notice
    [InlineData("""ALTER TABLE public.devices ADD COLUMN extra text""")]
    [InlineData("""ALTER TABLE public.tasks ALTER COLUMN "dueAt" TYPE timestamp(6)""")]
    [InlineData("""ALTER TABLE public.users ALTER COLUMN "name" SET NOT NULL""")]
    [InlineData("""ALTER TABLE public.tasks ALTER COLUMN "status" DROP DEFAULT""")]
    [InlineData("""DROP INDEX public."device_pairings_deviceId_idx" """)]
    [InlineData("""DROP INDEX public."tasks_clientId_key"; CREATE UNIQUE INDEX "tasks_clientId_key" ON public.tasks ("clientId") WHERE "clientId" <> ''""")]
    [InlineData("""DROP INDEX public."tasks_clientId_key"; CREATE INDEX "tasks_clientId_key" ON public.tasks ("clientId")""")]
    [InlineData("""ALTER TABLE public.tasks DROP CONSTRAINT "tasks_userId_fkey"; ALTER TABLE public.tasks ADD CONSTRAINT "tasks_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE""")]
    [InlineData("""ALTER TYPE public."DeviceType" ADD VALUE 'WATCH'""")]
    [InlineData("""ALTER TYPE public."DeviceType" RENAME VALUE 'TABLET' TO 'tablet'""")]
    [InlineData("""CREATE TABLE public.extra ()""")]
    [InlineData("""CREATE VIEW public.extra AS SELECT 1 AS one""")]
    [InlineData("""CREATE FUNCTION public.extra() RETURNS integer LANGUAGE sql AS 'SELECT 1'""")]
    public async Task AssertEqual_AnythingChanged_Fails(string change)
    {
        await using var database = await cluster.CreateDeviceDatabaseAsync(TestContext.Current.CancellationToken);
        await Sql.ExecuteAsync(database.OwnerConnectionString, change);

        var changed = await Catalogue.ReadSchemaAsync(database.OwnerConnectionString, "public");

        Assert.ThrowsAny<Exception>(() => Catalogue.AssertEqual(PublicSchema.Lines, changed));
    }
}
