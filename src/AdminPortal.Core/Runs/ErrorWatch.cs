using AdminPortal.Core.Monitoring;

namespace AdminPortal.Core.Runs;

/// <summary>
/// Watches the portal's error log while a run works: a step of the run counts the errors, its log keeps the first ones. A watch
/// whose process is killed stays behind as an interrupted step.
/// </summary>
internal sealed class ErrorWatch : IDisposable
{
    public const string StepTitle = "Watch the portal's error log";

    /// <summary>What its lines in the run's log begin with.</summary>
    public const string Prefix = "Error log: ";

    private const int MostLines = 50;
    private readonly Lock gate = new();
    private readonly RunJournal journal;
    private readonly RunStepProgress step;
    private readonly ErrorLog errors;
    private int count;

    public ErrorWatch(RunJournal journal, ErrorLog errors)
    {
        (this.journal, this.errors) = (journal, errors);
        step = journal.Begin(StepTitle);
        step.Tell("No errors so far");
        errors.Listen(Hear);
    }

    public void Dispose()
    {
        errors.Leave(Hear);
        lock (gate)
        {
            if (count == 0)
            {
                step.Done("No errors");
            }
            else
            {
                step.Failed(Words(count));
            }
        }
    }

    private void Hear(ErrorLine error)
    {
        lock (gate)
        {
            if (++count <= MostLines)
            {
                journal.Log($"{Prefix}{error.Category[(error.Category.LastIndexOf('.') + 1)..]}: {error.Text}");
            }

            step.Tell(Words(count));
        }
    }

    private static string Words(int count) => count == 1 ? "1 error, see the log below" : $"{count} errors, see the log below{(count > MostLines ? $" for the first {MostLines}" : "")}";
}
