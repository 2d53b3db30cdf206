using AdminPortal.Core.Monitoring;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Tests.Deployments;

/// <summary>What the portal logs as errors while a run works stands in the run, and nothing that came before or after.</summary>
public sealed class ErrorWatchTests : IDisposable
{
    private readonly PortalMeter _meter = new();
    private readonly ErrorLog _errors;
    private readonly RunJournal _journal = new("run", 0, 0, TimeProvider.System);

    public ErrorWatchTests() => _errors = new ErrorLog(_meter, TimeProvider.System);

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Watch_NoError_IsDone()
    {
        _errors.Add("A.Before", "earlier", null);
        new ErrorWatch(_journal, _errors).Dispose();
        _errors.Add("A.After", "later", null);

        var taken = _journal.Take();
        Assert.Equal((RunStepState.Done, "No errors"), (taken.Steps.Single().State, taken.Steps.Single().Detail));
        Assert.Empty(taken.Lines);
    }

    [Fact]
    public void Watch_ManyErrors_CountsAllAndKeepsTheFirst()
    {
        using (new ErrorWatch(_journal, _errors))
        {
            for (var i = 0; i < 60; i++)
                _errors.Add("AdminPortal.Some.Source", $"number {i}", null);
        }

        var taken = _journal.Take();
        Assert.Equal((RunStepState.Failed, "60 errors, see the log below for the first 50"), (taken.Steps.Single().State, taken.Steps.Single().Detail));
        Assert.Equal(50, taken.Lines.Count);
        Assert.Equal("Error log: Source: number 0", taken.Lines[0].Text);
    }
}
