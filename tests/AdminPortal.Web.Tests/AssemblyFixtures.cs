using AdminPortal.Testing;

[assembly: AssemblyFixture(typeof(PostgresCluster))]
