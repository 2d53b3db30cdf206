using System.CommandLine;
using AdminPortal.Core.Activity;
using AdminPortal.Core.SampleData;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.SampleData;

/// <summary><c>portal sample clear</c>: removes the sample people, their accounts and devices, and nothing else.</summary>
internal static class ClearSampleCommand
{
    public static Command Build()
    {
        var command = new Command("clear", "Removes the sample data, and nothing that you added.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await ClearAsync(databases.Configuration, cancellationToken);
            await Console.Out.WriteLineAsync("The sample data is gone.");
            return 0;
        });
        return command;
    }

    private static async Task ClearAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        await using var services = await CommandServices.CreateAsync(configuration, cancellationToken);
        await services.Get<SampleDataSet>().RemoveAsync(Actor.CommandLine, cancellationToken);
    }
}
