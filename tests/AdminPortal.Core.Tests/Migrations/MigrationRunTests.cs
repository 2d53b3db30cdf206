using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Data.Migrations;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>Bringing targets to this release and back, on real databases.</summary>
public sealed class MigrationRunTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploy_EmptyTarget_EndsWithTheSchemaThatEfMakes()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await using var reference = await Reference.CreateAsync(cluster);

        var run = await world.DeployAsync("staging");

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal(world.Get<MigrationScripts>().All.Count, run.Done);
        Catalogue.AssertEqual(await Catalogue.ReadAsync(reference.OwnerConnectionString), await Catalogue.ReadAsync(world.Staging.OwnerConnectionString));
        var status = await world.StatusAsync("staging");
        Assert.All(status.Migrations, m => Assert.Equal((MigrationState.Applied, MigrationAct.Up, true), (m.State, m.Last!.Act, m.Last.Succeeded!.Value)));
        var journal = await world.Get<RunJournals>().ReadAsync(OperationsWorld.Admin, run.Id, Token);
        Assert.All(journal.Steps, step => Assert.Equal(RunStepState.Done, step.State));
        Assert.Contains(journal.Steps, step => step.Title == "Apply add_device_pairing_models");
    }

    [Fact]
    public async Task Deploy_WhatRequiresAnother_IsRefusedUntilItRanAndWasVerifiedThere()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var refused = Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("main"));
        Assert.Contains("“baseline” has not run on “staging”.", refused.Reasons);

        await world.DeployAsync("staging");
        await world.VerifiedAsync("staging", passed: false);
        refused = Assert.IsType<MigrationOutcome.Refused>(await world.StartDeployAsync("main"));
        Assert.Equal(["The last verification of “staging” failed."], refused.Reasons);

        await world.VerifiedAsync("staging", passed: true);
        Assert.Equal(RunState.Done, (await world.DeployAsync("main")).State);
    }

    [Fact]
    public async Task Deploy_NotApproved_IsRefused()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var (preview, _) = await world.Previews.ReadAsync("staging", Token);

        var outcome = await world.Migrations.DeployAsync(OperationsWorld.Admin, "staging", preview!.ApprovalHash, false, "why", Token);

        Assert.Equal(["Nobody approved this preview yet."], Assert.IsType<MigrationOutcome.Refused>(outcome).Reasons);
    }

    [Fact]
    public async Task Deploy_HistoryChangedAfterTheApproval_IsToldToLookAgain()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var (preview, _) = await world.Previews.ReadAsync("staging", Token);
        await world.Get<MigrationApprovals>().ApproveAsync(OperationsWorld.Admin, "staging", preview!.ApprovalHash, null, Token);
        await Contexts.MigrateAsync(Contexts.Device, world.Staging.OwnerConnectionString, "baseline");

        Assert.IsType<MigrationOutcome.Changed>(await world.Migrations.DeployAsync(OperationsWorld.Admin, "staging", preview.ApprovalHash, false, "why", Token));
        Assert.IsType<MigrationOutcome.Changed>(await world.Get<MigrationApprovals>().ApproveAsync(OperationsWorld.Admin, "staging", preview.ApprovalHash, null, Token));
    }

    [Fact]
    public async Task Deploy_HistoryChangedAfterTheStart_ChangesNothing()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await Contexts.MigrateAsync(Contexts.Device, world.Staging.OwnerConnectionString, "add_mobile_sync_support");
        var started = await world.StartDeployAsync("staging");
        await Contexts.MigrateAsync(Contexts.Device, world.Staging.OwnerConnectionString, "baseline");

        var run = await world.EndOfAsync(started);

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("was not part of what was shown", run.Error, StringComparison.Ordinal);
        Assert.Equal(["baseline"], (await world.StatusAsync("staging")).Migrations.Where(m => m.State == MigrationState.Applied).Select(m => m.Name));
    }

    [Fact]
    public async Task Start_SecondOperationOnOneTarget_IsToldOfTheFirst()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var first = Assert.IsType<MigrationOutcome.Started>(await world.StartDeployAsync("staging"));

        Assert.Equal(first.RunId, Assert.IsType<MigrationOutcome.AlreadyRunning>(await world.StartDeployAsync("staging")).RunId);
    }

    [Fact]
    public async Task Acts_BySupport_AreNotAllowed()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);

        Assert.IsType<MigrationOutcome.NotAllowed>(await world.Migrations.DeployAsync(OperationsWorld.Support, "staging", "", true, null, Token));
        Assert.IsType<MigrationOutcome.NotAllowed>(await world.Migrations.RollBackAsync(OperationsWorld.Support, "staging", "", true, acceptsLosses: true, "why", Token));
        Assert.IsType<MigrationOutcome.NotAllowed>(await world.Migrations.AdoptAsync(OperationsWorld.Support, "staging", withBackup: true, null, Token));
        Assert.IsType<MigrationOutcome.NotAllowed>(await world.Get<MigrationApprovals>().ApproveAsync(OperationsWorld.Support, "staging", "", null, Token));
    }

    [Fact]
    public async Task RollBack_ToAnEarlierMigration_LeavesTheSchemaOfThatMigration()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await using var reference = await Reference.CreateAsync(cluster, "add_device_pairing_models");
        var to = world.Get<MigrationScripts>().FindByName("add_device_pairing_models")!.Id;

        var run = await world.EndOfAsync(await world.Migrations.RollBackAsync(OperationsWorld.Admin, "staging", to, withBackup: false, acceptsLosses: true, "release withdrawn", Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Catalogue.AssertEqual(
            await Catalogue.ReadSchemaAsync(reference.OwnerConnectionString, "public"), await Catalogue.ReadSchemaAsync(world.Staging.OwnerConnectionString, "public"));
        Assert.Contains((await world.StatusAsync("staging")).Migrations, m => m.State == MigrationState.RolledBack);
        Assert.Equal(RunState.Done, (await world.DeployAsync("staging")).State);
    }

    [Fact]
    public async Task Status_AnotherDatabaseUnderTheName_IsForeignUntilItIsAccepted()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        await world.StatusAsync("staging");
        await using var connection = new NpgsqlConnection(Contexts.Unpooled(world.Portal.OwnerConnectionString));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand("UPDATE portal.known_targets SET identity = 'another/database'", connection);
        await command.ExecuteNonQueryAsync(Token);

        Assert.IsType<MigrationStatus.Foreign>(await world.Statuses.ReadAsync("staging", Token));
    }
}
